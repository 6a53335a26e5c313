import "server-only";
import { z } from "zod";
import { isStorable } from "@/lib/base/text";
import { callOpenRouter } from "./client";
import { parseAnswer, text } from "./wire";

/** A price as OpenRouter writes it: decimal text, USD per unit. The auto router's -1 ("it depends") is none. */
const Price = z.string().regex(/^\d{1,9}(\.\d{1,30})?$/);

const Model = z.object({
  id: z.string().min(1).max(200).pipe(text),
  canonical_slug: z.string().min(1).max(200).pipe(text).nullish().catch(null),
  name: text.nullish().catch(null),
  context_length: z.int().max(2_147_483_647).nullish().catch(null),
  pricing: z.record(z.string(), z.unknown()).nullish().catch(null),
  expiration_date: z.iso.date().nullish().catch(null),
});

export type ListedModel = {
  /** The slug. */
  id: string;
  /** The permaslug, dated where the model is: several models (variants) may share one. */
  canonicalSlug: string | null;
  /** The display name. */
  name: string | null;
  contextLength: number | null;
  /** USD per single unit (token, request, image …), as decimal text. */
  pricing: Record<string, string>;
  /** The UTC day (`YYYY-MM-DD`) of its planned removal. */
  expirationDate: string | null;
};

/** The public list of models, `GET /models?output_modalities=all`, whole. What does not look like a model is left out. */
export async function fetchModels(): Promise<ListedModel[]> {
  const answer = await callOpenRouter(null, "/models", { query: { output_modalities: "all" }, retries: 1 });
  const { data } = parseAnswer(z.object({ data: z.array(z.unknown()) }), answer, "the models");
  const listed = new Map<string, ListedModel>();
  for (const entry of data) {
    const model = Model.safeParse(entry);
    if (!model.success) continue;
    const { id, canonical_slug: canonicalSlug, name, context_length: contextLength, pricing } = model.data;
    const prices = Object.entries(pricing ?? {}).filter(
      (price): price is [string, string] => isStorable(price[0]) && Price.safeParse(price[1]).success,
    );
    listed.set(id, {
      id,
      canonicalSlug: canonicalSlug ?? null,
      name: name ?? null,
      contextLength: contextLength ?? null,
      pricing: Object.fromEntries(prices),
      expirationDate: model.data.expiration_date ?? null,
    });
  }
  return [...listed.values()];
}
