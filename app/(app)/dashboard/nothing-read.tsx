import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import { useSentence } from "@/i18n/use-sentence";
import type { KeyView } from "@/lib/keys/schema";

/** Above a dashboard without figures: what to do, or why the sync that was done has brought none. */
export function NothingRead({ keys }: { keys: KeyView[] }) {
  const t = useTranslations("dashboard.waiting");
  const sentence = useSentence();
  const reason = keys.find((key) => key.last_sync_error)?.last_sync_error;
  return (
    <div className="mb-6">
      <Notice kind={reason ? "warning" : "info"} title={t("title")} dismissible={false}>
        {reason ? t("failed", { reason: sentence(reason) }) : t("text")}
      </Notice>
    </div>
  );
}
