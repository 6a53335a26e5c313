import { expect } from "vitest";
import { call } from "./api";
import type { Person } from "./world";

/** A new API token of a person, with every scope unless others are given. */
export async function tokenOf(person: Person, given: object = {}): Promise<string> {
  const answer = await call("POST", "/api/tokens", { token: person.accessToken, body: { name: "Program", ...given } });
  expect(answer.status).toBe(201);
  return answer.json().token as string;
}
