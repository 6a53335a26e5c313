import { afterEach, describe, expect, test } from "vitest";
import { DELETE } from "@/app/api/broadcast/connections/[id]/route";
import { GET, POST } from "@/app/api/broadcast/connections/route";
import { POST as POST_DESTINATION } from "@/app/api/broadcast/destinations/route";
import { sql } from "@/db/client";
import { sha256 } from "@/lib/base/crypto";
import { createConnection, listConnections } from "@/lib/broadcast/connections";
import { createDestination } from "@/lib/broadcast/create-destination";
import { createKey } from "@/lib/keys/create-key";
import { updateKey } from "@/lib/keys/keys";
import { settleRuns } from "@/lib/sync/worker";
import { booked, keyRow, truth } from "./support/books";
import { disconnectBroadcast, generationsOf, serveIngest } from "./support/broadcast";
import { simulateOpenRouter } from "./support/openrouter";
import { context, createPerson, requestTo } from "./support/world";

const openRouter = simulateOpenRouter({ days: 1, seed: 4, keys: 2 });
const origin = serveIngest();
const world = () => openRouter().world;
const workspace = () => {
  const [first] = world().workspacesOf(world().account().id);
  if (!first) throw new Error("The world has no workspace");
  return first;
};

afterEach(() => {
  openRouter().faults.clear();
  disconnectBroadcast(world());
  workspace().isBroadcastEnabled = false;
});

async function connectAccount() {
  const person = await createPerson();
  const key = await createKey(person.viewer, { name: "Account", key: world().managementKey().plaintext });
  await settleRuns();
  return { ...person, key };
}

const list = { page: 1, limit: 10 };

describe("the button that creates the destination", () => {
  test("switches Broadcast on, asks for Privacy Mode and every request, and the deliveries arrive", async () => {
    const { viewer, key } = await connectAccount();
    workspace().isBroadcastEnabled = false;
    const made = await createDestination(viewer, { management_key_id: key.id }, origin());
    expect(made).toMatchObject({ switched_on: true, workspace: workspace().name });
    const [destination] = world().destinations.all();
    expect(destination).toMatchObject({
      id: made.destination_id,
      type: "webhook",
      privacyMode: true,
      samplingRate: 1,
      workspaceId: workspace().id,
      config: { url: `${origin()}/api/ingest/broadcast/${made.id}`, method: "POST" },
    });
    const request = world().record({ keyHash: world().keyNamed("key-0001").hash, model: "openai/gpt-4.1" });
    expect(await openRouter().deliver(request)).toMatchObject([{ status: 200 }]);
    expect(await generationsOf(viewer)).toHaveLength(1);
    expect(await booked(viewer)).toEqual(truth(world()));
  });

  test("tells keys of one name apart by the workspace of the destination", async () => {
    const { id: elsewhere } = world().addWorkspace("Elsewhere", {});
    const here = world().createKey({ name: "backend", workspaceId: workspace().id });
    const there = world().createKey({ name: "backend", workspaceId: elsewhere });
    const { viewer, key } = await connectAccount();
    for (const [workspaceId, spender] of [
      [workspace().id, here],
      [elsewhere, there],
    ] as const) {
      const made = await createDestination(viewer, { management_key_id: key.id, workspace_id: workspaceId }, origin());
      const request = world().record({ keyHash: spender.hash, model: "openai/gpt-4.1" });
      expect(await openRouter().deliver(request)).toMatchObject([{ status: 200 }]);
      const [generation] = (await generationsOf(viewer)).slice(-1);
      expect(generation).toMatchObject({ connection_id: made.id, api_key_id: (await keyRow(viewer, spender.hash)).id });
    }
    const names = (await listConnections(viewer, list)).items.map((connection) => connection.workspace);
    expect(names).toEqual(["Elsewhere", workspace().name]);
  });

  test("leaves the switch of a workspace that is on, and takes the workspace that was chosen", async () => {
    const { viewer, key } = await connectAccount();
    workspace().isBroadcastEnabled = true;
    openRouter().clearRequests();
    const input = { management_key_id: key.id, workspace_id: workspace().id };
    expect(await createDestination(viewer, input, origin())).toMatchObject({ switched_on: false });
    expect(openRouter().requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /workspaces/${workspace().id}`,
      "POST /observability/destinations",
    ]);
  });

  test("tells OpenRouter's refusal in words and leaves no connection behind", async () => {
    const { viewer, key } = await connectAccount();
    const input = { management_key_id: key.id };
    for (let made = 0; made < 5; made += 1) await createDestination(viewer, input, origin());
    await expect(createDestination(viewer, input, origin())).rejects.toMatchObject({
      code: "upstream_failed",
      detail: expect.stringContaining("Maximum of 5 destinations"),
    });
    openRouter().faults.add({ kind: "status500", match: { path: "/workspaces" } });
    await expect(createDestination(viewer, input, origin())).rejects.toMatchObject({ code: "upstream_failed" });
    expect((await listConnections(viewer, list)).items).toHaveLength(5);
  });

  test("is for a management key of one's own team that is switched on", async () => {
    const { viewer, key } = await connectAccount();
    const { viewer: bob } = await createPerson();
    const imported = await keyRow(viewer, world().keyNamed("key-0001").hash);
    const make = (by: typeof viewer, id: number) => createDestination(by, { management_key_id: id }, origin());
    await expect(make(bob, key.id)).rejects.toMatchObject({ code: "forbidden" });
    await expect(make(viewer, 999_999)).rejects.toMatchObject({ code: "not_found" });
    await expect(make(viewer, imported.id)).rejects.toMatchObject({ code: "bad_request" });
    await updateKey(viewer, { id: key.id, is_active: false });
    await expect(make(viewer, key.id)).rejects.toMatchObject({ code: "conflict" });
    await expect(make({ ...viewer, role: "viewer" }, key.id)).rejects.toBeDefined();
    expect(world().destinations.all()).toEqual([]);
  });
});

describe("connections", () => {
  test("tell their secret once; only its hash is kept, and what happened is in the audit log without it", async () => {
    const { viewer } = await createPerson();
    const made = await createConnection(viewer, { name: "Live" }, "https://monitor.example");
    expect(made.secret).toMatch(/^orb_[\w-]{43}$/);
    expect(made.url).toBe(`https://monitor.example/api/ingest/broadcast/${made.id}`);
    expect(made.url).not.toContain(made.secret);
    const [row] = await sql()`select * from broadcast_connections where id = ${made.id}`;
    expect(row).toMatchObject({ secret_hash: sha256(made.secret) });
    const events = await sql()`select action, detail from audit_events where team_id = ${viewer.teamId}`;
    expect(JSON.stringify(events)).toContain("broadcast.connected");
    for (const kept of [row, events, await listConnections(viewer, list)]) {
      expect(JSON.stringify(kept)).not.toContain(made.secret);
    }
  });

  test("number at most fifty in a team", async () => {
    const { viewer } = await createPerson();
    const all = Array.from({ length: 52 }, (_, index) => createConnection(viewer, { name: `No ${index}` }, origin()));
    const results = await Promise.allSettled(all);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(50);
  });

  test("are made, listed and deleted by programs with a session token", async () => {
    const { accessToken: token, viewer, key } = await connectAccount();
    const body = { name: "Live", management_key_id: key.id };
    const created = await POST(requestTo("/api/broadcast/connections", { body, token }), context());
    expect(created.status).toBe(201);
    const { id } = await created.json();
    const listed = await (await GET(requestTo("/api/broadcast/connections", { token }), context())).json();
    expect(listed.items).toMatchObject([{ id, name: "Live", account: "Account", last_received_at: null }]);
    const removed = await DELETE(
      requestTo(`/api/broadcast/connections/${id}`, { method: "DELETE", token }),
      context({ id: String(id) }),
    );
    expect(removed.status).toBe(204);
    const made = await POST_DESTINATION(
      requestTo("/api/broadcast/destinations", { body: { management_key_id: key.id }, token }),
      context(),
    );
    expect(made.status).toBe(201);
    expect((await listConnections(viewer, list)).items).toHaveLength(1);
    const refused = await POST(requestTo("/api/broadcast/connections", { body }), context());
    expect(refused.status).toBe(401);
  });
});
