import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { startSimulator } from "../../simulator/server";
import { VISITOR_PASSWORD } from "./visitor";

/** The names that the tests find the application by, in their environment. */
export type EndToEndEnvironment = {
  E2E_ADDRESS: string;
  E2E_OPENROUTER_URL: string;
  E2E_MANAGEMENT_KEY: string;
  /** Token of the instance's first person, who looks after it. */
  E2E_ADMIN_TOKEN: string;
};

/** Starts the production build as a person would, on a new DATA_DIR, beside a simulated OpenRouter. Ends both afterwards. */
export default async function startApplication(): Promise<() => Promise<void>> {
  const simulator = await startSimulator({ world: { seed: 1, days: 60 }, analyticsRateLimit: false });
  const dataDir = await mkdtemp(path.join(tmpdir(), "openrouter-monitor-e2e-"));
  const launcher = spawn(
    process.execPath,
    ["--import", "tsx", "--conditions=react-server", path.resolve(import.meta.dirname, "../../scripts/start.ts")],
    {
      cwd: path.resolve(import.meta.dirname, "../.."),
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        // biome-ignore lint/style/noProcessEnv: the application is started from here
        ...process.env,
        DATABASE_URL: "",
        DATA_DIR: dataDir,
        PORT: "0",
        APP_URL: "",
        OPENROUTER_API_URL: simulator.url,
        LOG_LEVEL: "error",
        // Each test comes from an address of its own, so that they do not use up each other's rate limits.
        TRUST_PROXY: "1",
      },
    },
  );
  const stop = async () => {
    if (launcher.exitCode === null) {
      launcher.kill("SIGTERM");
      await once(launcher, "exit");
    }
    await simulator.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: launcher.stdout }).on("line", (line) => {
      const found = /is ready at (\S+)/.exec(line)?.[1];
      if (found) resolve(found);
      else process.stdout.write(`${line}\n`);
    });
    launcher.once("exit", (code) => reject(new Error(`The application ended with ${code} before it was ready`)));
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  const admin = { email: "admin@example.com", password: VISITOR_PASSWORD };
  await post(`${address}/api/auth/register`, { ...admin, password_confirm: VISITOR_PASSWORD });
  const { access_token: adminToken } = (await post(`${address}/api/auth/login`, admin)) as { access_token: string };
  const told: EndToEndEnvironment = {
    E2E_ADDRESS: address,
    E2E_OPENROUTER_URL: simulator.url,
    E2E_MANAGEMENT_KEY: simulator.world.managementKey().plaintext,
    E2E_ADMIN_TOKEN: adminToken,
  };
  // biome-ignore lint/style/noProcessEnv: Playwright's workers inherit it
  Object.assign(process.env, told);
  return stop;
}

async function post(url: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}
