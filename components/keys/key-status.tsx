import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import { useSentence } from "@/i18n/use-sentence";
import type { KeyView } from "@/lib/keys/schema";

const TONES: Record<KeyView["status"], Tone> = {
  valid: "success",
  invalid: "danger",
  disabled: "warning",
  expired: "danger",
  limit_reached: "warning",
  unverified: "neutral",
  unreachable: "warning",
  deleted: "danger",
};

/** Whether a key is watched and what OpenRouter says of it, with the reason in words. */
export function KeyStatus({ of: key }: { of: Pick<KeyView, "status" | "status_detail" | "is_active"> }) {
  const t = useTranslations("keys.status");
  const sentence = useSentence();
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      {!key.is_active && <Badge>{t("inactive")}</Badge>}
      <Badge tone={TONES[key.status]}>{t(key.status)}</Badge>
      {key.status_detail && (
        <span className="basis-full text-xs text-muted wrap-break-word">{sentence(key.status_detail)}</span>
      )}
    </span>
  );
}
