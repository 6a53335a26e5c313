import { useLocale, useTimeZone } from "next-intl";
import { useMemo } from "react";
import { type Formatter, makeFormatter } from "@/lib/base/format";

/** Formats for the person's language and timezone, in components that are not async. */
export function useFormat(): Formatter {
  const locale = useLocale();
  const timezone = useTimeZone() ?? "UTC";
  return useMemo(() => makeFormatter(locale, timezone), [locale, timezone]);
}
