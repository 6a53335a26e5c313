import { describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { call } from "./support/api";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

describe("A badge", () => {
  it("shows this month's spend to whoever has its address, until it is withdrawn", async () => {
    const [ann, dora] = [await createPerson(), await createPerson()];
    const watched = await plantKey(dora.viewer, "<Prod> & co");
    const team = (await call("POST", "/api/badges", { token: dora.accessToken, body: {} })).json().path as string;
    // Read last in March: of this month nothing is known, which is not the same as nothing.
    expect((await call("GET", team)).text).toContain("– / month");
    await sql()`update api_keys set last_synced_at = now() where id = ${watched}`;
    expect((await call("GET", team)).text).toContain("$0.00 / month");
    const [now] = await sql()<
      { hour: string }[]
    >`select to_char(date_trunc('hour', now() at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:00:00"Z"') as hour`;
    await plantUsage(dora.viewer, watched, [{ hour: now?.hour ?? "", cost: "12.344" }]);
    const made = (await call("POST", "/api/badges", { token: dora.accessToken, body: { api_key_id: watched } })).json();
    const shown = await call("GET", made.path as string);
    expect(shown.headers.get("content-type")).toBe("image/svg+xml");
    expect(shown.text).toContain("$12.34 / month");
    expect(shown.text).toContain("&#60;Prod&#62; &#38; co");
    expect((await call("POST", "/api/badges", { token: ann.accessToken, body: { api_key_id: watched } })).status).toBe(
      403,
    );
    expect((await call("DELETE", `/api/badges/${made.id}`, { token: ann.accessToken })).status).toBe(403);
    expect((await call("DELETE", `/api/badges/${made.id}`, { token: dora.accessToken })).status).toBe(204);
    expect((await call("GET", made.path as string)).status).toBe(404);
    expect((await call("GET", "/api/badges", { token: dora.accessToken })).json()).toMatchObject({
      items: [{ is_active: false }, { is_active: true }],
    });
  });
});
