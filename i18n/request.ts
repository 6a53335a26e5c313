import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { maybePageViewer } from "@/lib/auth/page-viewer";
import { acceptedLocale, isLocale, LOCALE_COOKIE, type Locale } from "./locales";
import { loadMessages } from "./messages";

/** The language and timezone of a page: the person's own, or what the browser says before they signed in. */
export default getRequestConfig(async () => {
  const viewer = await maybePageViewer();
  const locale = isLocale(viewer?.locale) ? viewer.locale : await guestLocale();
  return { locale, timeZone: viewer?.timezone ?? "UTC", messages: await loadMessages(locale) };
});

async function guestLocale(): Promise<Locale> {
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value;
  return isLocale(chosen) ? chosen : acceptedLocale((await headers()).get("accept-language"));
}
