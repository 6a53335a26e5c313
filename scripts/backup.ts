import path from "node:path";
import { backupName } from "@/lib/backup/daily-backup";
import { writeBackup } from "@/lib/backup/write-backup";
import { appVersion } from "@/lib/base/version";
import { runCommand } from "./launch/command";

// npm run backup [file]
await runCommand(async ({ url, settings, args }) => {
  const folder = settings.env.BACKUP_DIR ?? path.join(settings.dataDir, "backups");
  const file = path.resolve(args[0] ?? path.join(folder, backupName(new Date())));
  const { tables } = await writeBackup(url, file, appVersion());
  return `${tables} tables written to ${file}`;
});
