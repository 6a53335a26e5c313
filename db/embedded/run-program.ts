import { spawn } from "node:child_process";
import type { Identity } from "./identity";

/** Where programs are is no setting of ours, and the one thing of our environment that they need. */
function whereabouts() {
  // biome-ignore lint/style/noProcessEnv: see above
  const { PATH, SystemRoot } = process.env;
  return { PATH, SystemRoot };
}

/**
 * Runs a program to its end and gives its exit code and what it wrote. It gets a process group of its own, so that
 * Ctrl-C in the terminal reaches only the launcher, and none of our variables, which hold secrets.
 */
export function runProgram(identity: Identity, program: string, args: readonly string[]) {
  const [command = program, ...rest] = [...identity.prefix, program, ...args];
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(command, rest, {
      uid: identity.uid,
      gid: identity.gid,
      // Not every user may stand where we stand.
      cwd: "/",
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...whereabouts(), LC_ALL: "C", TZ: "UTC", NODE_ENV: "production" },
    });
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}
