import "server-only";
import { cookies } from "next/headers";
import { LOCALE_COOKIE } from "@/i18n/locales";
import { isHttps } from "@/lib/access/cookie";
import { THEME_COOKIE } from "@/lib/base/theme";

const YEAR_SECONDS = 31_536_000;

/** Keeps theme and language in this browser too, for the pages before signing in. */
export async function rememberAppearance({ theme, locale }: { theme: string; locale: string }): Promise<void> {
  const jar = await cookies();
  const options = { path: "/", maxAge: YEAR_SECONDS, sameSite: "lax", secure: isHttps() } as const;
  jar.set(THEME_COOKIE, theme, options);
  jar.set(LOCALE_COOKIE, locale, options);
}
