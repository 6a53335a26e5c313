import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "@/db/embedded/free-port";

/** A server of the application, without the launcher. */
export type ProductionServer = {
  address: string;
  process: ChildProcess;
  /** All that it has written so far, to both of its streams. */
  written(): string;
  /** Sends JSON as a program; answers status and parsed body. */
  call<T = Record<string, unknown>>(route: string, options?: CallOptions): Promise<{ status: number; body: T }>;
};

export type CallOptions = { method?: string; body?: unknown; token?: string };

/** Starts the production build as it runs in a container; it may not answer yet. */
export const startProduction = (variables: Record<string, string>): Promise<ProductionServer> =>
  start([path.resolve(".next/standalone/server.js")], { NODE_ENV: "production", ...variables });

/**
 * Starts the application as developers have it (`next dev`), which keeps to a folder of its own beside the build; it
 * may not answer yet.
 */
export const startDevelopment = (variables: Record<string, string>): Promise<ProductionServer> =>
  start([path.resolve("node_modules/next/dist/bin/next"), "dev"], { NODE_ENV: "development", ...variables });

async function start(program: string[], variables: Record<string, string>): Promise<ProductionServer> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, program, {
    stdio: ["ignore", "pipe", "pipe"],
    // biome-ignore lint/style/noProcessEnv: the server gets what we have and a little more
    env: { ...process.env, PORT: String(port), HOSTNAME: "127.0.0.1", ...variables },
  });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (written += text));
  child.stderr.pipe(process.stderr, { end: false });
  return {
    address,
    process: child,
    written: () => written,
    call: async <T>(route: string, { method, body, token }: CallOptions = {}) => {
      const response = await fetch(address + route, {
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: {
          ...(body !== undefined && { "Content-Type": "application/json" }),
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as T };
    },
  };
}

/** Variables that make a process believe it is another time (ms since 1970), from which its clock goes on. */
export function atTime(clock: number): Record<string, string> {
  const program = `
    const RealDate = Date;
    const ahead = ${Math.round(clock - Date.now())};
    globalThis.Date = class extends RealDate {
      constructor(...given) {
        super(...(given.length > 0 ? given : [RealDate.now() + ahead]));
      }
      static now() {
        return RealDate.now() + ahead;
      }
      // Next wraps what it finds here, and finds what is the class's own.
      static UTC = RealDate.UTC;
      static parse = RealDate.parse;
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}` };
}

/** Resolves once the server has everything behind it; throws when it ends instead. */
export async function untilReady(server: ProductionServer): Promise<void> {
  for (;;) {
    if (server.process.exitCode !== null) throw new Error(`The server ended with ${server.process.exitCode}`);
    const answer = await server.call("/api/health/ready").catch(() => undefined);
    if (answer?.status === 200) return;
    await pause(100);
  }
}

/** Sends a signal and answers how the process ended, and after how many ms. */
export async function endBy(server: ProductionServer, signal: NodeJS.Signals) {
  const started = performance.now();
  const exit = once(server.process, "exit");
  server.process.kill(signal);
  const [code, killedBy] = await exit;
  return { code: code as number | null, killedBy: killedBy as string | null, ms: performance.now() - started };
}
