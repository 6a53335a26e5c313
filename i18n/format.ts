import { getLocale, getTimeZone } from "next-intl/server";
import { cache } from "react";
import { type Formatter, makeFormatter } from "@/lib/base/format";

/** Formats for the page that is being rendered on the server. */
export const pageFormat = cache(async (): Promise<Formatter> => makeFormatter(await getLocale(), await getTimeZone()));
