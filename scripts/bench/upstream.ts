import { startSimulator } from "../../simulator/server";
import { createWorld } from "../../simulator/world/world";

/** OpenRouter for the benchmark, in a process of its own: `keys` alike keys with so many days of so many requests, answers after 100 ms, its own limit of 64 a minute in force. */
const [keys = 1, days = 2, requestsPerDay = 150] = process.argv.slice(2).map(Number);
const world = createWorld({ seed: 1, days, keys, requestsPerDay });
const simulator = await startSimulator({ world, latencyMs: 100 });

/** Whether a question is for the undivided answer: key and model, of everybody. */
function isWhole(body: unknown): boolean {
  const { dimensions, filters, granularity } = (body ?? {}) as Record<string, unknown>;
  return String(dimensions) === "api_key_id,model" && filters === undefined && granularity !== undefined;
}

const monthStart = (): Date => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
};

process.on("message", (question) => {
  if (question === "requests") {
    const analytics = simulator.requests.filter((request) => request.path.startsWith("/analytics/query"));
    const whole = analytics.filter((request) => isWhole(request.body)).length;
    process.send?.({ all: simulator.requests.length, analytics: analytics.length, whole });
    simulator.clearRequests();
  } else if (question === "ledger") {
    process.send?.({ cost: world.ledger().cost, month: world.ledger({ from: monthStart() }).cost });
  }
});
process.on("disconnect", () => void simulator.close());
process.send?.({ url: simulator.url, managementKey: world.managementKey().plaintext });
