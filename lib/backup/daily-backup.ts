import "server-only";
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { env } from "@/lib/base/env";
import { appVersion } from "@/lib/base/version";
import { writeBackup } from "./write-backup";

const NAME = /^monitor-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.backup\.gz$/;
const DRAFT = /\.partial-[0-9a-f]{8}$/;
const DAY_MS = 86_400_000;

/** Where backups go when nobody says. */
const backupFolder = (): string =>
  path.resolve(/* turbopackIgnore: true */ env().BACKUP_DIR ?? path.join(env().DATA_DIR, "backups"));

/** A name that sorts by time (UTC). */
export const backupName = (now: Date): string =>
  `monitor-${now.toISOString().slice(0, 19).replaceAll(":", "-")}Z.backup.gz`;

/** Makes a backup in the folder of backups and deletes all but the newest BACKUP_KEEP. */
export async function makeDailyBackup(now = new Date()): Promise<string> {
  const folder = backupFolder();
  const name = backupName(now);
  await writeBackup(env().DATABASE_URL, path.join(folder, name), appVersion());
  const { size } = await stat(path.join(folder, name));
  const deleted = await deleteOldBackups(folder, now);
  return `${name} written (${Math.ceil(size / 1024)} kB), ${deleted} older deleted`;
}

/** Also removes what backups that were broken off have left; a fresh draft may be somebody's who is still at it. */
async function deleteOldBackups(folder: string, now: Date): Promise<number> {
  const names = await readdir(folder);
  for (const draft of names.filter((name) => DRAFT.test(name))) {
    const file = path.join(folder, draft);
    const written = await stat(file).catch(() => undefined);
    if (written && now.getTime() - written.mtimeMs > DAY_MS) await rm(file, { force: true });
  }
  const surplus = names
    .filter((name) => NAME.test(name))
    .sort()
    .slice(0, -env().BACKUP_KEEP);
  for (const name of surplus) await rm(path.join(folder, name), { force: true });
  return surplus.length;
}
