import { useTranslations } from "next-intl";
import { useFormat } from "@/i18n/use-format";
import { Ago } from "./ago";

/** When the last sync was, or that there was none. */
export function LastSynced({ at }: { at: string | null | undefined }) {
  const t = useTranslations("keys.sync");
  const format = useFormat();
  if (!at) return t("never");
  const now = new Date();
  return t.rich("last", {
    when: () => <Ago at={at} madeAt={now.getTime()} then={format.ago(at, now)} title={format.dateTime(at)} />,
  });
}
