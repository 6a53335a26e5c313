import { afterEach, expect, it, vi } from "vitest";
import { GET as listKeys } from "@/app/api/keys/route";
import { forgetEnv } from "@/lib/base/env";
import { newRequestId } from "@/lib/http/request-id";
import { context, createPerson, requestTo } from "./support/world";

afterEach(() => {
  vi.unstubAllEnvs();
  forgetEnv();
});

function idFor(given: string, trusted: boolean): string {
  vi.stubEnv("TRUST_PROXY", trusted ? "1" : "");
  forgetEnv();
  return newRequestId(new Headers({ "x-request-id": given }));
}

it.each([
  "0b0d9d8e-6c1a-4f0e-9a52-3a1f2c9d7e11",
  "5b8a3c0e9d7f4a61b2c3d4e5f6a7b8c9",
  "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "Root=1-67891233-abcdef012345678912345678",
])("The id that a trusted proxy gave is taken, and nobody else's: %s", (id) => {
  expect(idFor(id, true)).toBe(id);
  expect(idFor(id, false)).not.toBe(id);
});

it.each(["short", "x".repeat(129), "has a space in it", '{"level":"fatal"}', "-begins-with-a-dash", "ünïcödé-id"])(
  "What is no id is replaced by one, whoever says it: %s",
  (given) => {
    expect(idFor(given, true)).toMatch(/^[0-9a-f-]{36}$/);
  },
);

it("A request has one id, in its answer and in its error", async () => {
  const { accessToken } = await createPerson();
  const ask = (token: string) => listKeys(requestTo("/api/keys", { token }), context());
  const [fine, refused, other] = [await ask(accessToken), await ask("wrong"), await ask("wrong")];
  expect([fine.status, refused.status]).toEqual([200, 401]);
  const ids = [fine, refused, other].map(({ headers }) => headers.get("x-request-id"));
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
});
