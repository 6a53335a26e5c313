import "server-only";
import { z } from "zod";
import { callOpenRouter } from "./client";

/** A price as OpenRouter writes it: decimal text, USD per unit. The auto router's -1 ("it depends") is none. */
const Price = z.string().regex(/^\d{1,9}(\.\d{1,30})?$/);

const Model = z.object({
  id: z.string().min(1).max(200),
  canonical_slug: z.string().min(1).max(200).nullish().catch(null),
  name: z.string().nullish().catch(null),
  context_length: z.int().max(2_147_483_647).nullish().catch(null),
  pricing: z.record(z.string(), z.unknown()).nullish().catch(null),
});

export type ListedModel = {
  id: string;
  name: string | null;
  contextLength: number | null;
  /** USD per single unit (token, request, image …), as decimal text. */
  pricing: Record<string, string>;
};

/**
 * The public list of models, `GET /models?output_modalities=all`. A model is listed under each of its names: usage may carry the
 * dated slug. What does not look like a model is left out.
 */
export async function fetchModels(): Promise<ListedModel[]> {
  const answer = await callOpenRouter(null, "/models", { query: { output_modalities: "all" }, retries: 0 });
  const { data } = z.object({ data: z.array(z.unknown()) }).parse(answer);
  const listed = new Map<string, ListedModel>();
  for (const entry of data) {
    const model = Model.safeParse(entry);
    if (!model.success) continue;
    const { id, canonical_slug: slug, name, context_length: contextLength, pricing } = model.data;
    const prices = Object.entries(pricing ?? {}).filter(
      (price): price is [string, string] => Price.safeParse(price[1]).success,
    );
    const facts = { name: name ?? null, contextLength: contextLength ?? null, pricing: Object.fromEntries(prices) };
    if (slug && !listed.has(slug)) listed.set(slug, { id: slug, ...facts });
    listed.set(id, { id, ...facts });
  }
  return [...listed.values()];
}
