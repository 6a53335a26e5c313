import { readdirSync } from "node:fs";
import path from "node:path";

/** The addresses of all pages for those who signed in, `[id]` as in their folders. */
export const PRIVATE_PAGES = readdirSync("app/(app)", { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "page.tsx")
  .map((file) => `/${path.dirname(file)}`);

/** The same with the number of a key. */
export const privatePagesAt = (keyId: number): string[] =>
  PRIVATE_PAGES.map((page) => page.replace("[id]", String(keyId)));
