import { build } from "./launch/build";

await build(process.cwd());
