/** Languages the pages speak; the first is what others get. */
export const LOCALES = ["en", "it"] as const;
export type Locale = (typeof LOCALES)[number];

/** How the languages call themselves, for a choice among them. */
export const LOCALE_NAMES: Record<Locale, string> = { en: "English", it: "Italiano" };

export const LOCALE_COOKIE = "locale";

export const isLocale = (value: string | null | undefined): value is Locale => LOCALES.some((known) => known === value);

/** The first language of an Accept-Language header that we speak. */
export function acceptedLocale(header: string | null): Locale {
  const wanted = (header ?? "")
    .split(",")
    .map((part) => part.trim().split(";q="))
    .map(([tag, weight]) => ({ language: tag?.split("-")[0]?.toLowerCase(), weight: Number(weight ?? 1) }))
    .sort((a, b) => b.weight - a.weight);
  return wanted.map(({ language }) => language).find(isLocale) ?? LOCALES[0];
}

/** The language for a new person whom a program or another service registers, if the request says one; else the database's default holds. */
export function requestLocale(headers: Headers): { locale?: Locale } {
  const accepted = headers.get("accept-language");
  return accepted ? { locale: acceptedLocale(accepted) } : {};
}
