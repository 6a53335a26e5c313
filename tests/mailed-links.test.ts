import { afterEach, describe, expect, it, vi } from "vitest";
import { sql } from "@/db/client";
import { log } from "@/lib/log";
import { confirmEmailChange, requestEmailChange } from "@/lib/users/change-email";
import { login } from "@/lib/users/login";
import { mailReset, resetPassword } from "@/lib/users/reset-password";
import { createPerson, viewerOf } from "./support/world";

let addresses = 0;
/** An address of its own for each call: this file is not about limits. */
const device = () => ({ ip: `198.51.100.${addresses++}`, userAgent: null });
const FRESH = "Fresh-Horse-7-Battery";

/** Mail is off in tests, so its text goes to the log: what would have been mailed meanwhile, and the last link's secret. */
function watchMails() {
  const spy = vi.spyOn(log(), "warn");
  const mails = () => spy.mock.calls.map(([fields]) => fields as unknown as { to: string; text: string });
  const token = () => new URL(/http\S+/.exec(mails().at(-1)?.text ?? "")?.[0] ?? "").searchParams.get("token") ?? "";
  return { mails, token };
}

afterEach(() => vi.restoreAllMocks());

describe("a link for a forgotten password", () => {
  it("sets a new password once, ends every session, and only its hash is stored", async () => {
    const { email, accessToken, viewer } = await createPerson();
    const { token } = watchMails();
    await mailReset(device(), { email });
    const [stored] = await sql()`select token_hash from mailed_links where user_id = ${viewer.userId}`;
    expect(stored?.token_hash).not.toBe(token());
    await resetPassword(device(), { token: token(), password: FRESH });
    await expect(viewerOf(accessToken)).rejects.toMatchObject({ code: "unauthorized" });
    await login(device(), { email, password: FRESH }, { kind: "api", hours: 1 });
    await expect(resetPassword(device(), { token: token(), password: FRESH })).rejects.toMatchObject({
      code: "bad_request",
    });
  });

  it("stops working after 30 minutes, and when a newer one was asked for", async () => {
    const { email, viewer } = await createPerson();
    const { token } = watchMails();
    await mailReset(device(), { email });
    const older = token();
    await mailReset(device(), { email });
    await expect(resetPassword(device(), { token: older, password: FRESH })).rejects.toMatchObject({
      code: "bad_request",
    });
    const [link] = await sql()<{ minutes: number }[]>`
      select round(extract(epoch from expires_at - created_at) / 60)::int as minutes from mailed_links
      where user_id = ${viewer.userId} and used_at is null`;
    expect(link?.minutes).toBe(30);
    await sql()`update mailed_links set expires_at = now() where user_id = ${viewer.userId}`;
    await expect(resetPassword(device(), { token: token(), password: FRESH })).rejects.toMatchObject({
      code: "bad_request",
    });
  });

  it("is not used up by a password that is refused", async () => {
    const { email } = await createPerson();
    const { token } = watchMails();
    await mailReset(device(), { email });
    await expect(resetPassword(device(), { token: token(), password: "weak" })).rejects.toMatchObject({
      code: "unprocessable",
    });
    await resetPassword(device(), { token: token(), password: FRESH });
  });

  it("is mailed to nobody for an unknown address or an inactive person", async () => {
    const { email, viewer } = await createPerson();
    await sql()`update users set is_active = false where id = ${viewer.userId}`;
    const { mails } = watchMails();
    await mailReset(device(), { email });
    await mailReset(device(), { email: "nobody@example.com" });
    expect(mails()).toEqual([]);
  });
});

describe("a new e-mail address", () => {
  it("counts only once its link was opened, is noted in the team's log, and the old address is told", async () => {
    const { viewer, email, password } = await createPerson();
    const { mails, token } = watchMails();
    const fresh = `new-${email}`;
    await expect(requestEmailChange(viewer, { email: fresh, password: "wrong" })).rejects.toMatchObject({
      code: "bad_request",
    });
    await requestEmailChange(viewer, { email: fresh, password });
    expect(mails().at(-1)?.to).toBe(fresh);
    await expect(login(device(), { email: fresh, password }, { kind: "api", hours: 1 })).rejects.toMatchObject({
      code: "unauthorized",
    });
    await confirmEmailChange(device(), { token: token() });
    expect(mails().at(-1)?.to).toBe(email);
    await login(device(), { email: fresh, password }, { kind: "api", hours: 1 });
    const noted = await sql()`select 1 from audit_events where team_id = ${viewer.teamId} and action = 'email.changed'`;
    expect(noted).toHaveLength(1);
  });

  it("cannot be one that somebody has taken meanwhile, nor be set by a reset link", async () => {
    const [ann, bob] = [await createPerson(), await createPerson()];
    const { token } = watchMails();
    await requestEmailChange(ann.viewer, { email: bob.email, password: ann.password });
    await expect(confirmEmailChange(device(), { token: token() })).rejects.toMatchObject({ code: "bad_request" });
    await mailReset(device(), { email: ann.email });
    await expect(confirmEmailChange(device(), { token: token() })).rejects.toMatchObject({ code: "bad_request" });
  });
});
