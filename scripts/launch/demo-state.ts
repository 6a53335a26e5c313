import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

const DemoState = z.object({ anchor: z.coerce.date(), email: z.string(), password: z.string() });

/** What a demo must remember to go on where it stopped: when its world was made, and who may sign in. */
export type DemoState = z.output<typeof DemoState>;

/** The demo of this DATA_DIR, made at its first start. */
export async function readDemoState(dataDir: string): Promise<DemoState> {
  const file = path.join(dataDir, "demo.json");
  const known = await readFile(file, "utf8").catch(() => undefined);
  if (known !== undefined) return DemoState.parse(JSON.parse(known));
  // Random, because the demo may be reachable from elsewhere, and with one of each kind of character.
  const password = `Demo-${randomBytes(9).toString("base64url")}-1a`;
  const state: DemoState = { anchor: new Date(), email: "demo@example.com", password };
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return state;
}
