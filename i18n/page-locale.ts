import { cookies, headers } from "next/headers";
import { maybePageViewer } from "@/lib/access/page-viewer";
import { acceptedLocale, isLocale, LOCALE_COOKIE, type Locale } from "./locales";

/** The language of a page or form: the person's own, or what the browser says before they signed in. */
export async function pageLocale(): Promise<Locale> {
  const own = (await maybePageViewer())?.locale;
  if (isLocale(own)) return own;
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value;
  return isLocale(chosen) ? chosen : acceptedLocale((await headers()).get("accept-language"));
}
