import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";

/** As whom the PostgreSQL programs run: a user to become, or a command that runs them as somebody who is not root. */
export type Identity = { uid?: number; gid?: number; name?: string; prefix: readonly string[] };

/** initdb insists on a name for its user, so it must be one from this list, in the order of preference. */
const ACCOUNTS = ["postgres", "nobody", "daemon"];

function unprivilegedAccount(): { name: string; uid: number; gid: number } | undefined {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ACCOUNTS) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (Number(uid) > 0) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/**
 * PostgreSQL refuses to run as root. Root therefore starts it in a user namespace of its own, where root has another
 * number: files stay root's and folders that only root may enter stay reachable. Where the kernel allows no such
 * namespace, an unprivileged account takes over. A cluster that exists is run by whoever owns it.
 */
export function identityFor(clusterDir: string): Identity {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, prefix: [] };
  const account = unprivilegedAccount() ?? { name: "65534", uid: 65_534, gid: 65_534 };
  const prefix = ["unshare", "--user", `--map-user=${account.uid}`, `--map-group=${account.gid}`, "--"];
  const allowed = spawnSync("unshare", [...prefix.slice(1), "true"], { stdio: "ignore" }).status === 0;
  return allowed ? { prefix } : { ...account, prefix: [] };
}
