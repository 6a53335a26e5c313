import "server-only";
import { sql } from "@/db/client";
import { concurrently } from "@/lib/base/concurrently";
import { refreshKeyStatus } from "@/lib/keys/test-key";
import { UpstreamError } from "@/lib/openrouter/errors";

const WIDTH = 4;

/** Asks OpenRouter about every key whose secret we hold; imported ones are learned at each sync. One key's failure never stops the others. */
export async function validateKeys(): Promise<string> {
  const keys = await sql()<
    { id: number }[]
  >`select id from api_keys where is_active and ciphertext is not null order by id`;
  const seen = { accepted: 0, "not accepted": 0, "not checked": 0 };
  await concurrently(keys, WIDTH, async ({ id }) => {
    const result = await refreshKeyStatus(id, 2);
    if (result === null) return;
    if (result instanceof UpstreamError) seen["not checked"]++;
    else seen[result.status === "invalid" ? "not accepted" : "accepted"]++;
  });
  return Object.entries(seen)
    .map(([what, count]) => `${count} ${what}`)
    .join(", ");
}
