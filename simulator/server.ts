import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { authenticate, credentialOf } from "./authenticate";
import { CONTROL_PATH, control } from "./control";
import { type Delivery, deliverRequest, deliverTest, type TestKind } from "./delivery";
import type { Destination } from "./destinations";
import { sha256 } from "./digest";
import { createFaults } from "./faults";
import { type Answer, ApiError, errorBody } from "./http";
import { type LiveTrafficOptions, startLiveTraffic } from "./live";
import { createRequestLog } from "./request-log";
import { respond } from "./respond";
import { createRouteTable } from "./routes/table";
import { defaultSettings, type Settings } from "./settings";
import type { SimulatedRequest } from "./world/requests";
import { createWorld, type World, type WorldOptions } from "./world/world";

const API_PATH = "/api/v1";

export interface SimulatorOptions extends Partial<Settings> {
  /** A world made before, or how to make one. */
  world?: World | WorldOptions;
  /** Default 0: any free port. */
  port?: number;
}

/** Serves a world over HTTP on 127.0.0.1. */
export async function startSimulator({ world: given, port: wanted = 0, ...overrides }: SimulatorOptions = {}) {
  const world = given !== undefined && "books" in given ? given : createWorld(given);
  const settings: Settings = { ...defaultSettings, ...overrides };
  const faults = createFaults();
  const log = createRequestLog();
  const findRoute = createRouteTable();
  const stoppers = new Set<() => void>();

  function answer(request: IncomingMessage, url: URL, path: string, text: string): Answer {
    const { match, allowed } = findRoute(request.method ?? "", path);
    if (!match)
      throw allowed.length > 0
        ? new ApiError(405, "Method Not Allowed", undefined, { Allow: allowed.join(", ") })
        : new ApiError(404, "Not Found");
    const { route, params } = match;
    const key = authenticate(world, credentialOf(request), route.access);
    return route.handle({
      method: route.method,
      path,
      params,
      query: url.searchParams,
      body: parseBody(text),
      key,
      world,
      settings,
    });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://simulator");
    const text = await readText(request);
    if (url.pathname.startsWith(CONTROL_PATH)) {
      const path = url.pathname.slice(CONTROL_PATH.length) || "/";
      const done = await caught(() =>
        control(
          { method: request.method ?? "", path, query: url.searchParams, body: parseBody(text) },
          { world, settings, faults, log },
        ),
      );
      return respond(response, () => done, undefined);
    }
    const path = url.pathname.startsWith(API_PATH) ? url.pathname.slice(API_PATH.length) : url.pathname;
    const method = request.method ?? "";
    const credential = credentialOf(request);
    const keyHash = credential === null ? null : sha256(credential);
    const entry = {
      method,
      path,
      query: url.search,
      keyHash,
      body: quietly(() => parseBody(text)),
      at: world.now(),
      status: null as number | null,
    };
    log.add(entry);
    response.once("finish", () => {
      entry.status = response.statusCode;
    });
    if (settings.latencyMs > 0) await wait(settings.latencyMs);
    const fault = faults.take({ method, path, keyHash, body: text });
    await respond(response, () => caughtNow(() => answer(request, url, path, text)), fault);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : wanted;

  return {
    /** The API's base, for OPENROUTER_API_URL: `http://127.0.0.1:<port>/api/v1`. */
    url: `http://127.0.0.1:${port}${API_PATH}`,
    /** Where the control paths live: `http://127.0.0.1:<port>/__simulator`. */
    controlUrl: `http://127.0.0.1:${port}${CONTROL_PATH}`,
    port,
    world,
    /** May be changed while it runs. */
    settings,
    faults,
    /** Calls so far, oldest first. */
    requests: log.entries,
    clearRequests: log.clear,
    /** Broadcasts a recorded request to the destinations that want it. */
    deliver: (request: SimulatedRequest, options?: { copies?: number }): Promise<Delivery[]> =>
      deliverRequest(world, request, options),
    /** Sends one of the tests of OpenRouter's settings page to a destination. */
    deliverTest: (destination: Destination, kind: TestKind, sample?: SimulatedRequest) =>
      deliverTest(world, destination, kind, sample),
    /** Records and broadcasts requests as time passes; stopped by `close` at the latest. */
    startLiveTraffic(options: LiveTrafficOptions) {
      const live = startLiveTraffic(world, options);
      stoppers.add(live.stop);
      return live;
    },
    /** Ends the server and every connection, hanging ones too. */
    async close(): Promise<void> {
      for (const stop of stoppers) stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

export type Simulator = Awaited<ReturnType<typeof startSimulator>>;

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function parseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, "Invalid JSON body");
  }
}

function quietly(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const failed = (error: unknown): Answer =>
  error instanceof ApiError
    ? { status: error.status, body: errorBody(error.status, error.message, error.metadata), headers: error.headers }
    : { status: 500, body: errorBody(500, error instanceof Error ? error.message : "Internal Server Error") };

function caughtNow(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    return failed(error);
  }
}

async function caught(run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    return failed(error);
  }
}
