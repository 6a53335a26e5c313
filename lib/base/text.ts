/**
 * Text from outside as PostgreSQL can hold it. Its `text` knows no null byte, its `jsonb` neither that nor half a character (a lone UTF-16 surrogate, which is
 * what cutting an emoji in two leaves). Safe for the browser.
 */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

export const isStorable = (text: string): boolean => !UNSTORABLE.test(text);

/** A text without null bytes, with U+FFFD for each half of a character: one bad name must not cost the others. */
export const wellFormed = (text: string): string =>
  isStorable(text) ? text : text.replaceAll("\0", "").replaceAll(/\p{Surrogate}/gu, "\uFFFD");

/** A well-formed text of at most `most` UTF-16 units, which is how zod and browsers count; no character is cut in two. */
export const cut = (text: string, most: number): string =>
  wellFormed(text.length > most ? text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "") : text);

/** JSON that PostgreSQL takes as `jsonb`, whatever the texts in it hold. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === "string" ? wellFormed(inner) : inner));
