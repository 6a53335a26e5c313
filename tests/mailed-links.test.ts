import { afterEach, describe, expect, it, vi } from "vitest";
import { sql } from "@/db/client";
import { endOtherSessions, endSession, endSessionById } from "@/lib/sessions/sessions";
import { login } from "@/lib/sign-in/login";
import { confirmEmailChange, requestEmailChange } from "@/lib/users/change-email";
import { changePassword } from "@/lib/users/change-password";
import { mailReset, resetPassword } from "@/lib/users/reset-password";
import { watchMails } from "./support/mails";
import { createPerson, type Person, viewerOf } from "./support/world";

let addresses = 0;
/** An address of its own for each call: this file is not about limits. */
const device = () => ({ ip: `198.51.100.${addresses++}`, userAgent: null });
const FRESH = "Fresh-Horse-7-Battery";

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

describe("any link that was mailed", () => {
  const BAD = { code: "bad_request", detail: expect.stringContaining("used already or is too old") };
  type Change = (person: Person) => Promise<unknown>;

  it.each<[string, Change]>([
    [
      "the password was changed",
      ({ viewer, password }) => changePassword(viewer, { current_password: password, password: FRESH }),
    ],
    ["all other sessions were ended", ({ viewer }) => endOtherSessions(viewer)],
    [
      "one other session was ended",
      async (person) => {
        const { sessionId } = await login(device(), person, { kind: "page", hours: 1 });
        await endSessionById(person.viewer, { id: sessionId });
      },
    ],
    [
      "the password was reset",
      async ({ email }) => {
        const { token } = watchMails();
        await mailReset(device(), { email });
        await resetPassword(device(), { token: token(), password: FRESH });
      },
    ],
    [
      "the e-mail address was changed",
      async ({ viewer, email, password }) => {
        const { token } = watchMails();
        await requestEmailChange(viewer, { email: `newer-${email}`, password });
        await confirmEmailChange(device(), { token: token() });
      },
    ],
  ])("works no more after %s", async (_, change) => {
    const person = await createPerson();
    const { token } = watchMails();
    await mailReset(device(), { email: person.email });
    const reset = token();
    await requestEmailChange(person.viewer, { email: `new-${person.email}`, password: person.password });
    const moved = token();
    await change(person);
    await expect(resetPassword(device(), { token: reset, password: FRESH })).rejects.toMatchObject(BAD);
    await expect(confirmEmailChange(device(), { token: moved })).rejects.toMatchObject(BAD);
    // It is not the person who is barred.
    const [{ email } = { email: "" }] = await sql()<
      { email: string }[]
    >`select email from users where id = ${person.viewer.userId}`;
    await mailReset(device(), { email });
    await resetPassword(device(), { token: token(), password: FRESH });
  });

  it("is not made for somebody whose session has ended meanwhile", async () => {
    const { viewer, email, password } = await createPerson();
    const { mails } = watchMails();
    await endSession(viewer);
    await expect(requestEmailChange(viewer, { email: `new-${email}`, password })).rejects.toMatchObject({
      code: "unauthorized",
    });
    expect(mails()).toEqual([]);
  });

  it("is one of few a day: to a stranger, by one person, and to whoever has forgotten their password", async () => {
    await sql()`delete from rate_limits`;
    const { mails } = watchMails();
    const people = await Promise.all(Array.from({ length: 4 }, () => createPerson()));
    const ask = ({ viewer, password }: Person, email: string) => requestEmailChange(viewer, { email, password });
    const answers = await Promise.allSettled(people.map((person) => ask(person, "stranger@example.com")));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    const [ann] = people as [Person];
    for (let count = 0; count < 4; count++) await ask(ann, `stranger-${count}@example.com`).catch(() => undefined);
    await expect(ask(ann, "another@example.com")).rejects.toMatchObject({ code: "too_many_requests" });
    const before = mails().length;
    for (let count = 0; count < 12; count++) await mailReset(device(), { email: ann.email });
    expect(mails().length - before).toBe(10);
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

  it("proves its mailbox when it is the present one, once, and nobody is told of a change", async () => {
    const { viewer, email, password } = await createPerson();
    const { mails, token } = watchMails();
    const proven = async () =>
      (await sql()`select email_verified from users where id = ${viewer.userId}`)[0]?.email_verified;
    expect(await proven()).toBeNull();
    await requestEmailChange(viewer, { email, password });
    await confirmEmailChange(device(), { token: token() });
    const first = await proven();
    expect(first).not.toBeNull();
    await requestEmailChange(viewer, { email, password });
    await confirmEmailChange(device(), { token: token() });
    expect(await proven()).toEqual(first);
    expect(mails()).toHaveLength(2);
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
