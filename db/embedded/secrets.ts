import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { EmbeddedError } from "./embedded-error";

const Secrets = z.object({
  DATABASE_PASSWORD: z.string().min(1),
  SECRET_KEY: z.string().min(32),
  ENCRYPTION_KEY: z.string().min(32),
});
export type Secrets = z.output<typeof Secrets>;

const hex = (bytes: number) => randomBytes(bytes).toString("hex");

/** The secrets of a DATA_DIR, made at its first use and never again. Throws EmbeddedError when they are lost or broken. */
export async function readSecrets(dataDir: string): Promise<Secrets> {
  const file = path.join(dataDir, "secrets.json");
  if (!existsSync(file)) await createSecrets(dataDir, file);
  try {
    return Secrets.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    throw new EmbeddedError(`${file} cannot be read as the secrets of this database: put it back from a backup`);
  }
}

async function createSecrets(dataDir: string, file: string): Promise<void> {
  if (existsSync(path.join(dataDir, "postgres", "PG_VERSION"))) {
    throw new EmbeddedError(
      `${file} is missing, and the database cannot be opened without it: put it back from a backup`,
    );
  }
  const draft = `${file}.new-${hex(4)}`;
  const secrets: Secrets = { DATABASE_PASSWORD: hex(24), SECRET_KEY: hex(32), ENCRYPTION_KEY: hex(32) };
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
    // Unlike a rename, a link never replaces: of two first starts at once, one makes the secrets.
    await link(draft, file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") throw new EmbeddedError(`DATA_DIR ${dataDir} cannot be written to: ${message}`);
  } finally {
    await rm(draft, { force: true });
  }
}
