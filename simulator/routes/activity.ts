import { stableUuid } from "../digest";
import { type Answer, ApiError, type Call, callerOf, ok, type Route } from "../http";
import { modelName } from "../model-names";
import { unitsToNumber } from "../money";
import { dateText, dayOf, dayOfHour, dayStart } from "../time";
import { addCounts, type Counts, noCounts } from "../world/ledger";

const DAYS = 30;

interface Group {
  day: number;
  model: string | null;
  provider: string;
  workspaceId: string | null;
  counts: Counts;
}

/** The asked UTC day, or null for all of the last 30 completed ones. */
function askedDay(call: Call, today: number): number | null {
  const date = call.query.get("date");
  if (date === null) return null;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(date) ? dayOf(new Date(date)) : Number.NaN;
  if (!(day >= today - DAYS && day < today))
    throw new ApiError(400, "Date must be within the last 30 (completed) UTC days");
  return day;
}

/** Daily rows per model and endpoint, across keys: there is no key column. The running day is never there. */
function list(call: Call): Answer {
  const { query, world } = call;
  const today = dayOf(world.now());
  const day = askedDay(call, today);
  const keyHash = query.get("api_key_hash");
  if (keyHash !== null && !/^[0-9a-f]{64}$/.test(keyHash)) throw new ApiError(400, "Invalid api_key_hash");
  const workspaceId = query.get("workspace_id");
  const isByWorkspace = query.get("group_by") === "workspace";
  const keys = new Map(
    world
      .keys(callerOf(call).accountId)
      .filter((key) => keyHash === null || key.hash === keyHash)
      .filter((key) => workspaceId === null || key.workspaceId === workspaceId)
      .map((key) => [key.hash, key]),
  );

  const groups = new Map<string, Group>();
  const [firstDay, lastDay] = day === null ? [today - DAYS, today - 1] : [day, day];
  for (const cell of world.books.cells(keys.keys(), firstDay * 24, (lastDay + 1) * 24)) {
    const workspace = isByWorkspace ? (keys.get(cell.keyHash)?.workspaceId ?? null) : null;
    const id = JSON.stringify([dayOfHour(cell.hour), cell.model, cell.provider, workspace]);
    const group = groups.get(id) ?? {
      day: dayOfHour(cell.hour),
      model: cell.model,
      provider: cell.provider,
      workspaceId: workspace,
      counts: noCounts(),
    };
    addCounts(group.counts, cell);
    groups.set(id, group);
  }
  const sorted = [...groups.entries()].sort(
    ([left, { day: a }], [right, { day: b }]) => b - a || (left < right ? -1 : 1),
  );
  return ok({ data: sorted.map(([, group]) => toRow(group, isByWorkspace)) });
}

function toRow({ day, model, provider, workspaceId, counts }: Group, isByWorkspace: boolean) {
  return {
    date: dateText(dayStart(day)),
    model,
    model_permaslug: model === null ? null : modelName(model, "permaslug"),
    endpoint_id: stableUuid(`endpoint/${model}/${provider}`),
    provider_name: provider,
    usage: counts.isCostReported ? unitsToNumber(counts.cost) : null,
    byok_usage_inference: unitsToNumber(counts.byokCost),
    requests: counts.requests,
    prompt_tokens: counts.tokensPrompt,
    completion_tokens: counts.tokensCompletion,
    reasoning_tokens: counts.tokensReasoning ?? 0,
    ...(isByWorkspace ? { workspace_id: workspaceId } : {}),
  };
}

/** `GET /activity` */
export const activityRoute: Route = { method: "GET", pattern: "/activity", access: "management", handle: list };
