import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Simulator, startSimulator } from "@/simulator/server";
import { type DemoState, readDemoState } from "./launch/demo-state";
import { visitDemo } from "./launch/demo-visitor";
import { launch, print } from "./launch/launch";
import { readSettings } from "./launch/settings";

const root = path.resolve(fileURLToPath(import.meta.url), "../..");

let simulator: Simulator | undefined;
let state: DemoState | undefined;

/** A folder of its own below DATA_DIR, so that a demo never meets real keys. */
const demoSettings = (openRouterUrl: string) =>
  readSettings(root, (given) => ({
    DATABASE_URL: undefined,
    DATA_DIR: path.join(given.DATA_DIR ?? ".data", "demo"),
    OPENROUTER_API_URL: openRouterUrl,
    SYNC_INTERVAL_MINUTES: given.SYNC_INTERVAL_MINUTES ?? "5",
    DEMO: "1",
  }));

await launch({
  settings: async () => {
    state = await readDemoState(demoSettings("http://127.0.0.1").dataDir);
    simulator = await startSimulator({ world: { seed: 1, days: 365, anchor: state.anchor } });
    return demoSettings(simulator.url);
  },
  onReady: async ({ address, signal }) => {
    if (!simulator || !state) return;
    const { world } = simulator;
    print("Reading a year of simulated history …");
    const watched = [world.managementKey(), world.keyNamed("prod-web"), world.keyNamed("dev-laptop")];
    const keys = watched.map(({ name, plaintext }) => ({ name, key: plaintext }));
    await visitDemo(address, state, keys, signal);
    simulator.startLiveTraffic({ perMinute: 12 });
    print(`Demo: sign in as ${state.email} with the password ${state.password}`);
  },
  onStopped: async () => {
    await simulator?.close();
  },
});
