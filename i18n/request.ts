import { getRequestConfig } from "next-intl/server";
import { maybePageViewer } from "@/lib/access/page-viewer";
import { loadMessages } from "./messages";
import { pageLocale } from "./page-locale";

/** The language and timezone of a page. */
export default getRequestConfig(async () => {
  const locale = await pageLocale();
  const viewer = await maybePageViewer();
  return { locale, timeZone: viewer?.timezone ?? "UTC", messages: await loadMessages(locale) };
});
