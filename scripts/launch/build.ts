import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { LaunchError } from "./launch-error";
import { digestSources } from "./sources";

const standalone = (root: string) => path.join(root, ".next", "standalone");
const stampFile = (root: string) => path.join(standalone(root), "build-stamp");

/** What the web server is started by. */
export const serverFile = (root: string) => path.join(standalone(root), "server.js");

export async function isBuildFresh(root: string): Promise<boolean> {
  if (!existsSync(serverFile(root))) return false;
  const stamp = await readFile(stampFile(root), "utf8").catch(() => "");
  return stamp === (await digestSources(root));
}

function runNextBuild(root: string, signal?: AbortSignal): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const next = path.join(root, "node_modules", "next", "dist", "bin", "next");
    const child = spawn(process.execPath, [next, "build"], {
      cwd: root,
      signal,
      killSignal: "SIGTERM",
      stdio: ["ignore", "pipe", "pipe"],
      // biome-ignore lint/style/noProcessEnv: the build gets what we got
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** Builds for production; the result runs by itself from .next/standalone. Throws LaunchError with Next's own words. */
export async function build(root: string, signal?: AbortSignal): Promise<void> {
  const digest = await digestSources(root);
  await rm(stampFile(root), { force: true });
  const { code, output } = await runNextBuild(root, signal);
  if (code !== 0) throw new LaunchError(`The production build failed.\n${output.trim()}`);
  // Next leaves these out, for they may be served by a CDN. Here the server serves them.
  const files = { force: true, recursive: true };
  await cp(path.join(root, ".next", "static"), path.join(standalone(root), ".next", "static"), files);
  const publicDir = path.join(root, "public");
  if (existsSync(publicDir)) await cp(publicDir, path.join(standalone(root), "public"), files);
  await writeFile(stampFile(root), digest);
}
