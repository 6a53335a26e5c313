import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sql } from "@/db/client";
import { createAccount } from "@/lib/users/create-account";
import { call } from "./support/api";
import { plantKey, plantUsage } from "./support/usage";
import { createPerson } from "./support/world";

/** The running UTC hour by the database's clock. */
async function thisHour(): Promise<{ hour: string }> {
  const [now] = await sql()<{ hour: string }[]>`
    select to_char(date_trunc('hour', now() at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:00:00"Z"') as hour`;
  return { hour: now?.hour ?? "" };
}

describe("A badge", () => {
  it("shows this month's spend to whoever has its address, until it is withdrawn", async () => {
    const [ann, dora] = [await createPerson(), await createPerson()];
    const watched = await plantKey(dora.viewer, "<Prod> & co");
    const team = (await call("POST", "/api/badges", { token: dora.accessToken, body: {} })).json().path as string;
    // Read last in March: of this month nothing is known, which is not the same as nothing.
    expect((await call("GET", team)).text).toContain(">no data<");
    await sql()`update api_keys set last_synced_at = now() where id = ${watched}`;
    expect((await call("GET", team)).text).toContain("$0.00 / month");
    const { hour } = await thisHour();
    await plantUsage(dora.viewer, watched, [{ hour, cost: "12.344" }]);
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

  it.each([
    ["1.005", "$1.01"],
    ["1.0049999", "$1.00"],
    ["0.004", "$0.00"],
    ["-0.0000001", "$0.00"],
    ["-0.25", "-$0.25"],
    ["-1.005", "-$1.01"],
    ["123456789012345678.995", "$123456789012345679.00"],
  ])("shows %s USD as %s", async (cost, shown) => {
    const { viewer, accessToken: token } = await createPerson();
    const { hour } = await thisHour();
    await plantUsage(viewer, await plantKey(viewer), [{ hour, cost }]);
    const { path } = (await call("POST", "/api/badges", { token, body: {} })).json();
    expect((await call("GET", String(path))).text).toContain(`>${shown} / month<`);
  });

  it("names its key or team by what its maker chose, and never by an e-mail address unless they chose that", async () => {
    const { viewer, accessToken: token, email } = await createPerson();
    const key = await plantKey(viewer, `Key of ${email}`);
    const labelOf = async (body: object) => {
      const made = await call("POST", "/api/badges", { token, body });
      expect(made.json().label).toBe((body as { label?: string }).label ?? null);
      return /aria-label="(.*?): /.exec((await call("GET", String(made.json().path))).text)?.[1];
    };
    expect(await labelOf({})).toBe("My team");
    expect(await labelOf({ label: "Spend of R&D" })).toBe("Spend of R&#38;D");
    expect(await labelOf({ api_key_id: key })).toBe("OpenRouter");
    expect(await labelOf({ api_key_id: key, label: "Shop" })).toBe("Shop");
    await sql()`update teams set name = ${email} where id = ${viewer.teamId}`;
    expect(await labelOf({})).toBe("OpenRouter");
    await sql()`update teams set name = 'Research @ Acme, Inc.' where id = ${viewer.teamId}`;
    expect(await labelOf({})).toBe("Research @ Acme, Inc.");
    for (const label of ["", " ", "x".repeat(41), "two\nlines"])
      expect((await call("POST", "/api/badges", { token, body: { label } })).status).toBe(422);
  });
});

describe("A team made at registration", () => {
  it("has a name that tells nobody who its owner is", async () => {
    for (const [locale, expected] of [
      [undefined, "My team"],
      ["it", "Il mio team"],
    ] as const) {
      const email = `${randomUUID()}@example.com`;
      const { teamId } = await createAccount({ email, passwordHash: null, ip: null, ...(locale && { locale }) });
      expect(await sql()`select name from teams where id = ${teamId}`).toMatchObject([{ name: expected }]);
    }
  });
});
