import { type Delivery, deliverRequest } from "./delivery";
import { type Fault, type Faults, faultKinds } from "./faults";
import { type Answer, ApiError, isObject, ok } from "./http";
import type { RequestLog } from "./request-log";
import { readSettings, type Settings } from "./settings";
import { dateText } from "./time";
import type { SimulatedKey } from "./world/keys";
import type { NewRequest, NewTraffic } from "./world/recorder";
import { type LedgerDimension, type LedgerQuery, ledgerDimensions } from "./world/truth";
import type { World } from "./world/world";

export const CONTROL_PATH = "/__simulator";

export interface ControlCall {
  method: string;
  /** Below `/__simulator`: `/faults`. */
  path: string;
  query: URLSearchParams;
  body: unknown;
}

const isFault = (value: unknown): value is Fault => isObject(value) && faultKinds.some((kind) => kind === value.kind);
const isNewRequest = (value: unknown): value is NewRequest =>
  isObject(value) && typeof value.keyHash === "string" && typeof value.model === "string";
const isNewTraffic = (value: unknown): value is NewTraffic =>
  isObject(value) && typeof value.keyHash === "string" && typeof value.at === "string";

function queryOf(query: URLSearchParams): LedgerQuery {
  const time = (name: string) => (query.has(name) ? new Date(query.get(name) ?? "") : undefined);
  const text = (name: string) => query.get(name) ?? undefined;
  const hashes = query.getAll("keyHash");
  return {
    ...(hashes.length === 0 ? {} : { keyHash: hashes }),
    accountId: text("accountId"),
    from: time("from"),
    to: time("to"),
    model: text("model"),
    provider: text("provider"),
  };
}

const isDimension = (name: string): name is LedgerDimension => ledgerDimensions.some((dimension) => dimension === name);

/** Everything about a key, its secret included: only whoever drives the simulator may ask. */
function describeKey(key: SimulatedKey, world: World) {
  const { hash, plaintext, name, kind, accountId, workspaceId, disabled, expiresAt, deletedAt } = key;
  return {
    hash,
    plaintext,
    name,
    kind,
    accountId,
    workspaceId,
    disabled,
    expiresAt,
    deletedAt,
    ...world.ledger({ keyHash: hash }),
  };
}

/** `requests` to record one by one, or `traffic` to book as it stands; `deliver: true` broadcasts the requests too. */
async function addTraffic(world: World, body: unknown): Promise<Answer> {
  if (isObject(body) && Array.isArray(body.traffic)) {
    if (!body.traffic.every(isNewTraffic)) throw new ApiError(400, "Traffic needs keyHash and at");
    for (const traffic of body.traffic) world.addTraffic({ ...traffic, at: new Date(traffic.at) });
    return { status: 201, body: { booked: body.traffic.length } };
  }
  const input: unknown[] = isObject(body) && Array.isArray(body.requests) ? body.requests : [body];
  if (!input.every(isNewRequest)) throw new ApiError(400, "A request needs keyHash and model");
  const requests = input.map(({ at, ...rest }) =>
    world.record({ ...rest, ...(at === undefined ? {} : { at: new Date(at) }) }),
  );
  const deliveries: Delivery[] = [];
  if (isObject(body) && body.deliver === true)
    for (const request of requests) deliveries.push(...(await deliverRequest(world, request)));
  return { status: 201, body: { requests, deliveries } };
}

function createKey(world: World, body: unknown): Answer {
  if (!isObject(body) || typeof body.name !== "string") throw new ApiError(400, "A key needs a name");
  const time = (value: unknown) => (typeof value === "string" ? new Date(value) : undefined);
  const { hash } = world.createKey({
    ...body,
    name: body.name,
    createdAt: time(body.createdAt),
    expiresAt: time(body.expiresAt),
  });
  return { status: 201, body: describeKey(world.key(hash), world) };
}

function changeKey(world: World, hash: string, body: unknown): Answer {
  if (!isObject(body) || !world.findKey(hash)) throw new ApiError(404, "Unknown key or no change");
  if (typeof body.name === "string") world.renameKey(hash, body.name);
  if (typeof body.disabled === "boolean") world.disableKey(hash, body.disabled);
  if (typeof body.expiresAt === "string") world.expireKey(hash, new Date(body.expiresAt));
  if (body.deleted === true) world.deleteKey(hash);
  return ok(describeKey(world.key(hash), world));
}

function changeSettings(settings: Settings, body: unknown): Answer {
  try {
    return ok(Object.assign(settings, readSettings(isObject(body) ? body : {})));
  } catch (error) {
    throw error instanceof RangeError ? new ApiError(400, error.message) : error;
  }
}

/** What the control paths act on. */
export interface Controlled {
  world: World;
  settings: Settings;
  faults: Faults;
  log: RequestLog;
}

/** The reins for another process: a browser test, a demonstration, a person with curl. Faults never hit these paths. */
export async function control(call: ControlCall, { world, settings, faults, log }: Controlled): Promise<Answer> {
  const keyHash = /^\/keys\/([^/]+)$/.exec(call.path)?.[1];
  if (call.method === "PATCH" && keyHash !== undefined) return changeKey(world, keyHash, call.body);
  switch (`${call.method} ${call.path}`) {
    case "GET /":
      return ok({
        seed: world.seed,
        now: world.now().toISOString(),
        today: dateText(world.now()),
        managementKey: world.managementKey().plaintext,
      });
    case "GET /keys":
      return ok(world.keys().map((key) => describeKey(key, world)));
    case "POST /keys":
      return createKey(world, call.body);
    case "GET /settings":
      return ok(settings);
    case "PATCH /settings":
      return changeSettings(settings, call.body);
    case "GET /faults":
      return ok(faults.list());
    case "POST /faults":
      if (!isFault(call.body)) throw new ApiError(400, `A fault needs a kind: ${faultKinds.join(", ")}`);
      return { status: 201, body: { id: faults.add(call.body).id } };
    case "DELETE /faults":
      faults.clear();
      return ok({ cleared: true });
    case "POST /traffic":
      return addTraffic(world, call.body);
    case "GET /ledger": {
      const dimensions = (call.query.get("group_by") ?? "").split(",").filter(isDimension);
      const query = queryOf(call.query);
      return ok(dimensions.length === 0 ? world.ledger(query) : world.ledgerRows(query, dimensions));
    }
    case "GET /requests":
      return ok(log.entries);
    default:
      throw new ApiError(404, "Not a control of the simulator");
  }
}
