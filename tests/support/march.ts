import { plantKey, plantUsage } from "./usage";
import { createPerson } from "./world";

/** The four days of which the tests ask. */
export const MARCH = { start_date: "2026-03-01", end_date: "2026-03-04" };
export const PAGE = { page: 1, limit: 100 };

/** Ann with one key that is known by the hour and one of which only the cost is known, and Bob with one. */
export async function plantMarch() {
  const ann = (await createPerson()).viewer;
  const bob = (await createPerson()).viewer;
  const main = await plantKey(ann, "Main");
  const sampled = await plantKey(ann, "Sampled");
  const bobs = await plantKey(bob, "Bob's");
  await plantUsage(ann, main, [
    { hour: "2026-03-01T22:00:00Z", cost: "0.1", requests: 2 },
    { hour: "2026-03-01T23:00:00Z", cost: "0.2", requests: 1 },
    { hour: "2026-03-03T05:00:00Z", cost: "0.00000000012345", requests: 1, model: "=cmd|calc", provider: null },
    { hour: "2026-02-27T05:00:00Z", cost: "5", requests: 10 },
  ]);
  await plantUsage(ann, main, [{ hour: "2026-03-02T00:00:00Z", cost: "0.4", requests: 4 }], "day");
  await plantUsage(ann, sampled, [
    {
      hour: "2026-03-03T06:00:00Z",
      cost: "1",
      requests: null,
      tokensInput: null,
      tokensOutput: null,
      model: null,
      provider: null,
    },
  ]);
  await plantUsage(bob, bobs, [{ hour: "2026-03-01T00:00:00Z", cost: "77" }]);
  return { ann, bob, main, sampled, bobs };
}
