import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { sql } from "@/db/client";
import { hashPassword } from "@/lib/users/password";
import { call } from "./support/api";
import { createPerson, PASSWORD } from "./support/world";

/** Each e-mail allows five tries a minute, so each round has people of its own. */
const ROUNDS = 5;
/** Without the comparison with nobody's hash an unknown e-mail would be answered some fifty times sooner. */
const WITHIN = 2;

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

it("Signing in takes as long for an unknown e-mail, a person who was locked out and one without a password as for a wrong password", async () => {
  // As costly as in life; the cheap hashes of other tests would be told apart from nobody's.
  const hash = await hashPassword(PASSWORD);
  const person = async (change: { hash: string | null; isActive: boolean }): Promise<string> => {
    const { email, viewer } = await createPerson();
    await sql()`update users set password_hash = ${change.hash}, is_active = ${change.isActive} where id = ${viewer.userId}`;
    return email;
  };
  const kinds: Record<string, { email: () => Promise<string>; password: string; ms: number[] }> = {
    wrong: { email: () => person({ hash, isActive: true }), password: "Wrong-Horse-9-Battery", ms: [] },
    unknown: { email: async () => `${randomUUID()}@example.com`, password: PASSWORD, ms: [] },
    locked: { email: () => person({ hash, isActive: false }), password: PASSWORD, ms: [] },
    without: { email: () => person({ hash: null, isActive: true }), password: PASSWORD, ms: [] },
  };
  // The first round warms up and is not counted. Kinds take turns, so that what slows the machine slows all of them.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, { email, password, ms }] of Object.values(kinds).entries()) {
      const body = { email: await email(), password };
      const headers = { "x-forwarded-for": `198.19.${round}.${index}` };
      const started = performance.now();
      const answer = await call("POST", "/api/auth/login", { body, headers });
      if (round > 0) ms.push(performance.now() - started);
      expect({ status: answer.status, detail: answer.json().detail }).toEqual({
        status: 401,
        detail: "Invalid credentials",
      });
    }
  }
  const medians = Object.values(kinds).map(({ ms }) => median(ms));
  expect(Math.max(...medians) / Math.min(...medians), String(medians)).toBeLessThan(WITHIN);
}, 60_000);
