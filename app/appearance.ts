"use server";
import { cookies } from "next/headers";
import { isLocale, LOCALE_COOKIE, type Locale } from "@/i18n/locales";
import { isHttps } from "@/lib/access/cookie";
import { maybePageViewer } from "@/lib/access/page-viewer";
import { isTheme, THEME_COOKIE, type Theme } from "@/lib/base/theme";
import { updateProfile } from "@/lib/users/profile";

const YEAR_SECONDS = 31_536_000;

/** Sets theme or language from a form with a field of that name: for this browser, and for the account when there is one. */
export async function setAppearanceAction(form: FormData): Promise<void> {
  const theme = String(form.get("theme") ?? "");
  const locale = String(form.get("locale") ?? "");
  const wanted: { theme?: Theme; locale?: Locale } = {
    ...(isTheme(theme) && { theme }),
    ...(isLocale(locale) && { locale }),
  };
  const jar = await cookies();
  const options = { path: "/", maxAge: YEAR_SECONDS, sameSite: "lax", secure: isHttps() } as const;
  if (wanted.theme) jar.set(THEME_COOKIE, wanted.theme, options);
  if (wanted.locale) jar.set(LOCALE_COOKIE, wanted.locale, options);
  const viewer = await maybePageViewer();
  if (viewer && (wanted.theme || wanted.locale)) await updateProfile(viewer, wanted);
}
