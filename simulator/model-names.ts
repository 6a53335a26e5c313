import { findModel } from "./models";

/** The three ways in which OpenRouter's pages write a model: dated slug, slug, display name. */
export const modelNames = ["permaslug", "slug", "name"] as const;
export type ModelName = (typeof modelNames)[number];

const made = { permaslug: new Map<string, string>(), slug: new Map<string, string>(), name: new Map<string, string>() };

/**
 * A model of the books in the asked form. The books know it by slug. A variant (`:free`, `:nitro`) shares the permaslug
 * of its base; what the catalogue does not carry is named as it stands.
 */
export function modelName(slug: string, form: ModelName): string {
  const known = made[form].get(slug);
  if (known !== undefined) return known;
  const name = writeName(slug, form);
  made[form].set(slug, name);
  return name;
}

function writeName(slug: string, form: ModelName): string {
  if (form === "slug") return slug;
  const model = findModel(slug);
  if (model) return form === "permaslug" ? model.canonicalSlug : model.name;
  const [base = slug, variant] = slug.split(":");
  const baseModel = variant === undefined ? undefined : findModel(base);
  if (!baseModel) return slug;
  return form === "permaslug" ? baseModel.canonicalSlug : `${baseModel.name} (${variant})`;
}

/** `standard`, or what stands behind the slug's colon. */
export const variantOf = (slug: string) => slug.split(":")[1] ?? "standard";
