import { startSimulator } from "../../simulator/server";
import { createWorld } from "../../simulator/world/world";

/** OpenRouter for the benchmark, in a process of its own: many busy keys, answers after 100 ms, its own limit of 64 a minute in force. */
const keys = Number(process.argv[2]);
const world = createWorld({ seed: 1, days: 2, keys, requestsPerDay: 150 });
const simulator = await startSimulator({ world, latencyMs: 100 });

process.on("message", (question) => {
  if (question === "requests") {
    const analytics = simulator.requests.filter((request) => request.path.startsWith("/analytics")).length;
    process.send?.({ all: simulator.requests.length, analytics });
    simulator.clearRequests();
  } else if (question === "ledger") {
    process.send?.({ cost: world.ledger().cost });
  }
});
process.on("disconnect", () => void simulator.close());
process.send?.({ url: simulator.url, managementKey: world.managementKey().plaintext });
