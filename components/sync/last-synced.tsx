import { useTranslations } from "next-intl";
import { useFormat } from "@/i18n/use-format";
import { MINUTE_MS } from "@/lib/base/time";
import { Ago } from "./ago";

/** A page is kept for a quarter of an hour at most. */
const MINUTES_TOLD = 16;

/** When the last sync was, or that there was none. */
export function LastSynced({ at }: { at: string | null | undefined }) {
  const t = useTranslations("sync");
  const format = useFormat();
  if (!at) return t("never");
  const madeAt = Date.now();
  const textAfter = (minutes: number) => format.ago(at, new Date(madeAt + minutes * MINUTE_MS));
  const texts = Array.from({ length: MINUTES_TOLD }, (_, minutes) => textAfter(minutes));
  return t.rich("last", { when: () => <Ago at={at} madeAt={madeAt} texts={texts} title={format.dateTime(at)} /> });
}
