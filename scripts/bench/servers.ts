import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { freePort } from "@/db/embedded/free-port";

export type Server = { url: string; stop(): Promise<void> };
type Environment = Record<string, string>;

const stopper = (child: ChildProcess) => async () => {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
};

function run(args: string[], given: Environment, root: string): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // biome-ignore lint/style/noProcessEnv: children get what we got
    env: { ...process.env, ...given },
  });
}

/** The production build, as `npm start` runs it. */
export async function startProduct(root: string, given: Environment): Promise<Server> {
  const port = await freePort();
  const environment = { ...given, PORT: String(port), HOSTNAME: "127.0.0.1", NODE_ENV: "production" };
  const child = run([path.join(root, ".next/standalone/server.js")], environment, path.join(root, ".next/standalone"));
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error("the web server ended");
    const isUp = await fetch(`${url}/api/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return { url, stop: stopper(child) };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A bare `node:http` server that runs the same statement. */
export async function startBareServer(root: string, given: Environment): Promise<Server> {
  const file = path.join(root, "scripts/bench/bare-server.ts");
  const child = run(["--import", "tsx", "--conditions=react-server", file], given, root);
  const [port] = (await once(child, "message")) as [number];
  return { url: `http://127.0.0.1:${port}`, stop: stopper(child) };
}
