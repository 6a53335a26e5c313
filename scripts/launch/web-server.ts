import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { serverFile } from "./build";
import { HOST } from "./port";

/** Requests in flight get this long to end before the server is killed. */
const DRAIN_MS = 10_000;

/** Given to Node before the server's own code: a server whose launcher is gone, however it went, must not stay alone. */
const EXIT_WITH_LAUNCHER = 'data:text/javascript,process.once("disconnect",()=>process.exit(0))';

export type WebServer = {
  /** Resolves when the process has ended, by whatever cause. */
  ended: Promise<string>;
  /** Resolves with true once it serves requests with everything behind it, with false when it ended instead. */
  ready(): Promise<boolean>;
  stop(): Promise<void>;
  kill(): void;
};

/** Passes the server's log on. Next's greeting, which is no log line and names another address, is left out of it. */
function forwardLog(output: Readable): { greetingOver(): void; tellGreeting(): void } {
  let greeting: string[] | undefined = [];
  createInterface({ input: output }).on("line", (line) => {
    if (greeting && !line.startsWith("{")) greeting.push(line);
    else process.stdout.write(`${line}\n`);
  });
  const end = (tell: boolean) => {
    if (tell && greeting) process.stdout.write(greeting.map((line) => `${line}\n`).join(""));
    greeting = undefined;
  };
  return { greetingOver: () => end(false), tellGreeting: () => end(true) };
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health/ready`, { signal: AbortSignal.timeout(5000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), DRAIN_MS);
  await ended;
  clearTimeout(timer);
}

/** Starts the production build in a process group of its own: Ctrl-C reaches the launcher alone, which ends things in order. */
export function startWebServer(root: string, port: number, variables: Record<string, string | undefined>): WebServer {
  const child = spawn(process.execPath, ["--import", EXIT_WITH_LAUNCHER, serverFile(root)], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { ...variables, PORT: String(port), HOSTNAME: HOST, NODE_ENV: "production" },
  });
  const log = child.stdout ? forwardLog(child.stdout) : undefined;
  const ended = once(child, "exit").then(([code, signal]) => (signal ? `by ${signal}` : `with exit code ${code}`));

  return {
    ended,
    ready: async () => {
      let hasEnded = false;
      void ended.then(() => {
        hasEnded = true;
      });
      while (!hasEnded && !(await isReady(port))) await pause(50);
      if (hasEnded) log?.tellGreeting();
      else log?.greetingOver();
      return !hasEnded;
    },
    stop: () => stopChild(child, ended),
    kill: () => child.kill("SIGKILL"),
  };
}
