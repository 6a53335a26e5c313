import { parseArgs } from "node:util";
import { startSimulator } from "./server";
import { readSettings } from "./settings";

const USAGE = `An OpenRouter to try things against, on 127.0.0.1.
  node --import tsx simulator/main.ts [--port 0] [--seed 1] [--days 365] [--live 12] [--settings '{"modelShownAs":"name"}']
  --live: requests per minute as time passes, 0 = none. --settings: simulator/settings.ts, as JSON. Each option also reads SIMULATOR_PORT, SIMULATOR_SEED and so on.`;

const print = (line: string) => process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    port: { type: "string" },
    seed: { type: "string" },
    days: { type: "string" },
    live: { type: "string" },
    settings: { type: "string" },
    help: { type: "boolean" },
  },
});

/** From the command line, else from the environment. */
const given = (name: "port" | "seed" | "days" | "live" | "settings"): string | undefined =>
  // biome-ignore lint/style/noProcessEnv: a tool of its own, which knows nothing of the product's environment.
  values[name] ?? process.env[`SIMULATOR_${name.toUpperCase()}`];

/** A whole number, else the default. */
function option(name: "port" | "seed" | "days" | "live", fallback: number): number {
  const text = given(name) ?? String(fallback);
  const value = Number(text);
  if (!/^\d+$/.test(text)) throw new RangeError(`--${name} must be a whole number, not ${text}`);
  return value;
}

if (values.help) {
  print(USAGE);
} else {
  const simulator = await startSimulator({
    ...readSettings(JSON.parse(given("settings") ?? "{}")),
    port: option("port", 0),
    world: { seed: option("seed", 1), days: option("days", 365) },
  });
  const perMinute = option("live", 12);
  if (perMinute > 0) simulator.startLiveTraffic({ perMinute });
  print(`OPENROUTER_API_URL=${simulator.url}`);
  for (const key of simulator.world.keys())
    if (key.plaintext !== "") print(`${key.kind.padEnd(10)} ${key.plaintext} ${key.name}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void simulator.close());
}
