import { once } from "node:events";
import { type EmbeddedDatabase, openDatabase } from "@/db/embedded/database";
import { EmbeddedError } from "@/db/embedded/embedded-error";
import { readSecrets } from "@/db/embedded/secrets";
import { EnvError } from "@/lib/base/env";
import { build, isBuildFresh } from "./build";
import { LaunchError } from "./launch-error";
import { claimPort } from "./port";
import type { Settings } from "./settings";
import { hearStopRequest } from "./stop-request";
import { startWebServer, type WebServer } from "./web-server";

export const print = (line: string) => process.stdout.write(`${line}\n`);

type Stage = { settings: Settings; address: string; signal: AbortSignal };
type Hooks = {
  settings(): Settings | Promise<Settings>;
  /** Runs once the application answers. */
  onReady?(stage: Stage): Promise<void>;
  onStopped?(): Promise<void>;
};

async function run(hooks: Hooks): Promise<void> {
  const stop = hearStopRequest();
  const { signal } = stop;
  const stopped = once(signal, "abort").then(() => undefined);
  let database: EmbeddedDatabase | undefined;
  let web: WebServer | undefined;
  stop.onImpatience(() => web?.kill());
  try {
    const settings = await hooks.settings();
    const port = await claimPort(settings.env.PORT);
    if (!(await isBuildFresh(settings.root))) {
      print("Building for production; this is done once and takes about a minute …");
      await build(settings.root, signal);
    }
    signal.throwIfAborted();

    let fail: (error: Error) => void = () => {};
    const lost = new Promise<never>((_, reject) => {
      fail = reject;
    });
    lost.catch(() => {});
    const generated: Record<string, string> = {};
    if (settings.isEmbedded) {
      const { SECRET_KEY, ENCRYPTION_KEY } = await readSecrets(settings.dataDir);
      database = await openDatabase(settings.dataDir, (error) => fail(error));
      Object.assign(generated, { SECRET_KEY, ENCRYPTION_KEY, DATABASE_URL: database.url, EMBEDDED_DATABASE: "1" });
    }
    signal.throwIfAborted();

    web = startWebServer(settings.root, port, {
      ...settings.inherited,
      ...generated,
      ...settings.given,
      DATA_DIR: settings.dataDir,
    });
    const ended = web.ended.then((how) => {
      if (!signal.aborted) throw new LaunchError(`The web server ended ${how}`);
    });
    ended.catch(() => {});
    const isReady = await Promise.race([web.ready(), lost, stopped]);
    if (isReady) {
      const address = settings.env.APP_URL ?? `http://localhost:${port}`;
      print(`OpenRouter Monitor is ready at ${address}`);
      await hooks.onReady?.({ settings, address: `http://127.0.0.1:${port}`, signal });
    }
    await Promise.race([ended, lost, stopped]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await web?.stop();
    await database?.close();
    await hooks.onStopped?.();
  }
}

/** Runs the application until it is told to stop, then ends this process: 0 after an orderly stop, else 1 and one line. */
export async function launch(hooks: Hooks): Promise<never> {
  try {
    await run(hooks);
    process.exit(0);
  } catch (error) {
    const hasUpstreamData = error instanceof LaunchError || error instanceof EmbeddedError || error instanceof EnvError;
    process.stderr.write(`openrouter-monitor: ${hasUpstreamData ? error.message : (error as Error).stack}\n`);
    process.exit(1);
  }
}
