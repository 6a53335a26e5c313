import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Viewer } from "@/lib/auth/viewer";
import { createKey } from "@/lib/keys/create";
import { getKey, updateKey } from "@/lib/keys/keys";
import { getSyncRun, requestSync } from "@/lib/sync/runs";
import { settleRuns } from "@/lib/sync/worker";
import type { LedgerQuery } from "@/simulator/world/truth";
import { useOpenRouter } from "./support/openrouter";
import { createPerson } from "./support/world";

const openRouter = useOpenRouter({ days: 45, seed: 7 });

/** What the product has booked for a team, or for one key of it. */
async function booked(viewer: Viewer, hash: string | null = null) {
  const [row] = await sql()`
    select coalesce(sum(s.requests), 0)::int as requests, coalesce(sum(s.tokens_input), 0)::int as input,
      coalesce(sum(s.tokens_output), 0)::int as output, coalesce(sum(s.cost), 0) as cost
    from usage_stats s join api_keys k on k.id = s.api_key_id
    where s.team_id = ${viewer.teamId} and (${hash}::text is null or k.hash = ${hash})`;
  const [hours] = await sql()`
    select coalesce(sum(h.cost), 0) as cost from usage_hours h join api_keys k on k.id = h.api_key_id
    where h.team_id = ${viewer.teamId} and (${hash}::text is null or k.hash = ${hash})`;
  expect(Number(hours?.cost)).toBeCloseTo(Number(row?.cost), 10);
  return { requests: row?.requests, input: row?.input, output: row?.output, cost: Number(row?.cost).toFixed(8) };
}

/** What OpenRouter's own books say. */
function truth(query: LedgerQuery = {}) {
  const { requests, tokensPrompt, tokensCompletion, cost } = openRouter().world.ledger(query);
  return { requests, input: tokensPrompt, output: tokensCompletion, cost: Number(cost).toFixed(8) };
}

async function syncNow(viewer: Viewer, keyId?: number) {
  const { run_id } = await requestSync(viewer, { key_id: keyId });
  await settleRuns();
  return getSyncRun(viewer, { run_id });
}

async function connectAccount() {
  const { viewer } = await createPerson();
  const key = await createKey(viewer, { name: "Account", key: openRouter().world.managementKey().plaintext });
  await settleRuns();
  return { viewer, key };
}

describe("a sync of an account through its management key", () => {
  test("books what OpenRouter's ledger says, in all and for each listed key", async () => {
    const { viewer, key } = await connectAccount();
    expect(await getKey(viewer, { id: key.id })).toMatchObject({
      kind: "management",
      status: "valid",
      last_sync_error: null,
    });
    expect(await booked(viewer)).toEqual(truth());
    for (const listed of openRouter()
      .world.keys()
      .filter((one) => one.kind === "inference")) {
      expect(await booked(viewer, listed.hash), listed.name).toEqual(truth({ keyHash: listed.hash }));
    }
  });

  test("changes nothing when it runs again, and takes in rows that arrive late", async () => {
    const { viewer } = await connectAccount();
    const before = await booked(viewer);
    const again = await syncNow(viewer);
    expect(again).toMatchObject({ status: "succeeded", rows_written: 0, errors: [] });
    expect(await booked(viewer)).toEqual(before);

    const key = openRouter().world.keyNamed("prod-web");
    openRouter().world.record({
      keyHash: key.hash,
      model: "openai/gpt-4.1",
      at: new Date(Date.now() - 30 * 3_600_000),
      cost: "0.1234567",
    });
    expect((await syncNow(viewer)).rows_written).toBeGreaterThan(0);
    expect(await booked(viewer)).toEqual(truth());
  });

  test("leaves a key that is switched off as it was and catches up when it is on again", async () => {
    const { viewer } = await connectAccount();
    const hash = openRouter().world.keyNamed("dev-laptop").hash;
    const [row] = await sql()<
      { id: number }[]
    >`select id from api_keys where team_id = ${viewer.teamId} and hash = ${hash}`;
    const id = row?.id ?? 0;
    await updateKey(viewer, { id, is_active: false });
    openRouter().world.record({ keyHash: hash, model: "openai/gpt-4.1", cost: "0.5" });
    const before = await booked(viewer, hash);
    await syncNow(viewer);
    expect(await booked(viewer, hash)).toEqual(before);
    await updateKey(viewer, { id, is_active: true });
    await syncNow(viewer);
    expect(await booked(viewer)).toEqual(truth());
  });
});
