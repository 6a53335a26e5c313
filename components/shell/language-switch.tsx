import { getLocale, getTranslations } from "next-intl/server";
import { setAppearanceAction } from "@/app/appearance";
import { LOCALE_NAMES, LOCALES } from "@/i18n/locales";

/** A button for every language but the current one's, which is only named. */
export async function LanguageSwitch() {
  const t = await getTranslations("common");
  const current = await getLocale();
  return (
    <form action={setAppearanceAction} className="flex items-center gap-1">
      <span className="sr-only">{t("language")}</span>
      {LOCALES.map((locale) => (
        <button
          key={locale}
          name="locale"
          value={locale}
          type="submit"
          lang={locale}
          aria-pressed={locale === current}
          className="min-h-8 rounded-md px-2 text-sm text-muted underline-offset-4 hover:underline aria-pressed:font-semibold aria-pressed:text-ink"
        >
          {LOCALE_NAMES[locale]}
        </button>
      ))}
    </form>
  );
}
