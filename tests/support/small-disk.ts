import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export type SmallDisk = { folder: string; fill(): Promise<void>; makeRoom(): Promise<void>; remove(): void };

/** A real file system of so many MB, to be filled. Null where only the administrator may mount one and the tests are somebody else's. */
export function mountSmallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(path.join(tmpdir(), "monitor-disk-"));
  const mount = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=755`, "tmpfs", folder]);
  if (mount.status !== 0) {
    rmSync(folder, { recursive: true });
    return null;
  }
  const ballast = path.join(folder, "ballast");
  return {
    folder,
    /** Takes what is left, to the last block. */
    fill: async () => {
      await writeFile(ballast, Buffer.alloc(megabytes * 1024 * 1024)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOSPC") throw error;
      });
    },
    makeRoom: () => rm(ballast, { force: true }),
    remove: () => {
      spawnSync("umount", [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
