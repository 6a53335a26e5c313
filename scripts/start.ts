import path from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./launch/launch";
import { readSettings } from "./launch/settings";

const root = path.resolve(fileURLToPath(import.meta.url), "../..");

await launch({ settings: () => readSettings(root) });
