import type { z } from "zod";
import { it as zodInItalian } from "zod/locales";
import { makeFormatter } from "@/lib/base/format";
import type { Locale } from "./locales";
import italian from "./sentences.it.json";

/**
 * What the product says when it refuses something is one English sentence, which programs get as it is. People get it in their language:
 * these catalogues are keyed by the English sentence, with `{…}` for what differs from one time to the next.
 */
const CATALOGUES: Record<Exclude<Locale, "en">, Record<string, string>> = { it: italian };

const VARIABLE = /\{(\w+)\}/g;

/** The day at the end of a sentence, as programs get it. */
const DAY = /(?<= on )\d{4}-\d{2}-\d{2}$/;

/** The sentence in a language, its day as that language writes it. What stands in a gap is looked up as well; what no catalogue knows stays English. */
export function sentenceIn(locale: Locale, told: string): string {
  const sentence = told.replace(DAY, (day) => makeFormatter(locale, "UTC").day(day));
  if (locale === "en") return sentence;
  const catalogue = CATALOGUES[locale];
  const whole = catalogue[sentence];
  if (whole !== undefined) return whole;
  for (const [english, translated] of Object.entries(catalogue)) {
    const found = english.includes("{") ? patternOf(english).exec(sentence)?.groups : undefined;
    if (found) return translated.replace(VARIABLE, (gap, name) => sentenceIn(locale, found[name] ?? gap));
  }
  return sentence;
}

/** What zod itself says where a schema has no words of its own. */
export const zodWordsIn = (locale: Locale): z.core.$ZodErrorMap | undefined =>
  locale === "it" ? zodInItalian().localeError : undefined;

function patternOf(english: string): RegExp {
  const parts = english.split(VARIABLE);
  return new RegExp(
    `^${parts.map((part, index) => (index % 2 ? `(?<${part}>.*?)` : part.replace(/[^\w\s]/g, "\\$&"))).join("")}$`,
  );
}
