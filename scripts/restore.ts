import path from "node:path";
import { BackupError } from "@/lib/backup/backup-error";
import { restoreBackup } from "@/lib/backup/restore-backup";
import { runCommand } from "./launch/command";

// npm run restore file [--force]
await runCommand(async ({ url, args }) => {
  const force = args.includes("--force");
  const [file] = args.filter((arg) => arg !== "--force");
  if (file === undefined)
    throw new BackupError("Say which file: npm run restore <file> (-- --force to replace what is there)");
  const { tables } = await restoreBackup(url, path.resolve(file), { force });
  return `${tables} tables restored from ${file}`;
});
