import { afterAll, beforeAll } from "vitest";
import { forgetEnv } from "@/lib/base/env";
import { forgetTurns } from "@/lib/openrouter/pace";
import { type Simulator, startSimulator } from "@/simulator/server";
import type { Settings } from "@/simulator/settings";
import type { WorldOptions } from "@/simulator/world/world";

/** A simulated OpenRouter for a test file, in a dialect if wanted (`DIALECTS`); the product is pointed at it. */
export function simulateOpenRouter(options: WorldOptions = {}, dialect: Partial<Settings> = {}): () => Simulator {
  let simulator: Simulator | undefined;
  beforeAll(async () => {
    simulator = await startSimulator({ world: options, analyticsRateLimit: false, ...dialect });
    // biome-ignore lint/style/noProcessEnv: this is where the tests' environment is made
    process.env.OPENROUTER_API_URL = simulator.url;
    forgetEnv();
    await forgetTurns();
  });
  afterAll(async () => {
    await simulator?.close();
  });
  return () => {
    if (!simulator) throw new Error("The simulator has not started yet");
    return simulator;
  };
}
