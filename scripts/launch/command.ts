import path from "node:path";
import { fileURLToPath } from "node:url";
import { withDatabase } from "@/db/embedded/database";
import { EmbeddedError } from "@/db/embedded/embedded-error";
import { BackupError } from "@/lib/backup/backup-error";
import { EnvError } from "@/lib/base/env";
import { readSettings, type Settings } from "./settings";

const root = path.resolve(fileURLToPath(import.meta.url), "../../..");

type Stage = { url: string; settings: Settings; args: string[] };

/** Runs a command on the database that the settings name; the embedded one is started for it unless it runs. Ends this process with one line: 0, or 1 and why. */
export async function runCommand(work: (stage: Stage) => Promise<string>): Promise<never> {
  try {
    const settings = readSettings(root);
    const args = process.argv.slice(2);
    const onDatabase = (url: string) => work({ url, settings, args });
    const line = settings.isEmbedded
      ? await withDatabase(settings.dataDir, onDatabase)
      : await onDatabase(settings.env.DATABASE_URL);
    process.stdout.write(`${line}\n`);
    process.exit(0);
  } catch (error) {
    const hasUpstreamData = error instanceof BackupError || error instanceof EmbeddedError || error instanceof EnvError;
    process.stderr.write(`openrouter-monitor: ${hasUpstreamData ? error.message : (error as Error).stack}\n`);
    process.exit(1);
  }
}
