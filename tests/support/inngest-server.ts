import { createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** How an Inngest server speaks to an application: enough of it to register functions, take events and drive runs step by step. Time does not pass here. */

export const SIGNING_KEY = `signkey-test-${"5e".repeat(32)}`;
export const EVENT_KEY = "event-key-of-the-tests";

type Event = { id?: string; name: string; data: Record<string, unknown>; ts?: number };
type Concurrency = { key?: string; limit: number };
type FunctionConfig = {
  id: string;
  triggers: { event?: string; cron?: string }[];
  steps: Record<string, { runtime: { url: string }; retries?: { attempts: number } }>;
  concurrency?: Concurrency | Concurrency[];
  throttle?: { key?: string; limit: number; period: string };
};
type StepState = { type: "data"; data: unknown } | { type: "error"; error: unknown };
type Op = { id: string; op: string; displayName?: string; data?: unknown; error?: { message: string } };
export type Ended = {
  functionId: string;
  event: Event;
  calls: number;
  /** What `Retry-After` said, in seconds. */
  waits: string[];
  output?: unknown;
  error?: { message: string };
};

/** JSON with sorted names (RFC 8785 for what is sent here): what a signature is made of. */
const canonicalize = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

export async function startInngestServer(call: (request: Request) => Promise<Response>) {
  const functions: FunctionConfig[] = [];
  const queue: { config: FunctionConfig; event: Event }[] = [];
  const seen = new Set<string>();
  const ended: Ended[] = [];
  const busy = new Map<string, number>();
  let mostAtOnce = 0;
  let isRefusing = false;

  function trigger(event: Event): void {
    if (event.id !== undefined && seen.has(event.id)) return;
    if (event.id !== undefined) seen.add(event.id);
    for (const config of functions) {
      if (config.triggers.some((one) => one.event === event.name)) queue.push({ config, event });
    }
  }

  const server = createServer(async (request, response) => {
    const body = await readJson(request);
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
    if (isRefusing) return answer(400, { error: "not now" });
    if (request.url === `/e/${EVENT_KEY}`) {
      const events = body as Event[];
      events.forEach(trigger);
      return answer(200, { ids: events.map(() => randomUUID()), status: 200 });
    }
    if (request.url?.startsWith("/fn/register") && request.headers.authorization?.startsWith("Bearer signkey-test-")) {
      functions.splice(0, functions.length, ...(body as { functions: FunctionConfig[] }).functions);
      return answer(200, { ok: true, modified: true });
    }
    return answer(401, { error: "unauthorized" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  /** One signed call of a function, as the server makes it for each step. */
  async function post(url: string, body: object, signingKey = SIGNING_KEY): Promise<Response> {
    const text = JSON.stringify(body);
    const time = Math.floor(Date.now() / 1000).toString();
    const secret = signingKey.replace(/^signkey-\w+-/, "");
    const mac = createHmac("sha256", secret)
      .update(`${canonicalize(body)}${time}`)
      .digest("hex");
    return call(
      new Request(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "x-inngest-signature": `t=${time}&s=${mac}` },
        body: text,
      }),
    );
  }

  async function drive(config: FunctionConfig, event: Event): Promise<Ended> {
    const step = Object.values(config.steps)[0];
    const retries = step?.retries?.attempts ?? 4;
    const steps: Record<string, StepState> = {};
    const stack: string[] = [];
    const runId = randomUUID();
    const waits: string[] = [];
    let attempt = 0;
    for (let calls = 1; calls < 100; calls++) {
      const response = await post(step?.runtime.url ?? "", {
        event,
        events: [event],
        steps,
        ctx: { run_id: runId, attempt, disable_immediate_execution: false, stack: { stack, current: stack.length } },
      });
      const answer = await response.json();
      const wait = response.headers.get("retry-after");
      if (wait !== null) waits.push(wait);
      if (response.status === 200) return { functionId: config.id, event, calls, waits, output: answer };
      const failed = response.status === 206 ? (answer as Op[]).find((op) => op.error) : undefined;
      if (response.status === 206 && !failed) {
        for (const op of answer as Op[]) {
          steps[op.id] = { type: "data", data: op.data };
          stack.push(op.id);
        }
        attempt = 0;
        continue;
      }
      const isFinal = response.headers.get("x-inngest-no-retry") === "true" || ++attempt >= retries;
      if (!isFinal) continue;
      if (!failed) return { functionId: config.id, event, calls, waits, error: answer };
      // The step is given up: the function is told, and throws for good.
      steps[failed.id] = { type: "error", error: failed.error };
      stack.push(failed.id);
      attempt = retries - 1;
    }
    throw new Error(`${config.id} does not come to an end`);
  }

  const concurrencyKey = (config: FunctionConfig, event: Event): string => {
    const [rule] = [config.concurrency ?? []].flat();
    const field = rule?.key?.replace("event.data.", "");
    return `${config.id}/${field === undefined ? "" : event.data[field]}`;
  };

  async function work(config: FunctionConfig, event: Event): Promise<void> {
    const key = concurrencyKey(config, event);
    busy.set(key, (busy.get(key) ?? 0) + 1);
    mostAtOnce = Math.max(
      mostAtOnce,
      [...busy.values()].reduce((sum, count) => sum + count, 0),
    );
    const result = await drive(config, event);
    busy.delete(key);
    ended.push(result);
    if (!result.error) return;
    const failure = { name: "inngest/function.failed", data: { function_id: config.id, error: result.error, event } };
    const handler = functions.find((one) => one.id === `${config.id}-failure`);
    if (handler) await work(handler, { ...failure, ts: Date.now() });
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    functions,
    ended,
    queue,
    post,
    trigger,
    /** From now on events and registrations are refused, or no longer. */
    refuse: (on: boolean) => {
      isRefusing = on;
    },
    mostAtOnce: () => mostAtOnce,
    /** Lets a function's clock strike. */
    strike(functionId: string, at: Date) {
      const config = functions.find((one) => one.id.endsWith(functionId) && one.triggers.some((part) => part.cron));
      if (!config) throw new Error(`No function ${functionId} has a clock`);
      queue.push({ config, event: { name: "inngest/scheduled.timer", data: {}, ts: at.getTime() } });
    },
    /** Works until nothing waits; runs of one concurrency key go one after the other, others at once. */
    async settle(): Promise<Ended[]> {
      const first = ended.length;
      while (queue.length > 0) {
        const keys = new Set<string>();
        const next = queue.filter(({ config, event }) => {
          const key = concurrencyKey(config, event);
          return !keys.has(key) && keys.add(key);
        });
        for (const one of next) queue.splice(queue.indexOf(one), 1);
        await Promise.all(next.map(({ config, event }) => work(config, event)));
      }
      return ended.slice(first);
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
