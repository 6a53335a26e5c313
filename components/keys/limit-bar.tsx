import { useTranslations } from "next-intl";
import { Progress } from "@/components/ui/progress";
import { useFormat } from "@/i18n/use-format";
import { ABSENT } from "@/lib/base/format";
import { hasUpstreamData, type KeyView } from "@/lib/keys/schema";

const NEAR = 0.8;

/** How much of a key's limit its present period has used: limit minus what OpenRouter says is left. */
export function LimitBar({ of: key }: { of: KeyView }) {
  const t = useTranslations("keys");
  const format = useFormat();
  if (key.limit === null)
    return <span className="text-sm text-muted">{hasUpstreamData(key) ? t("table.noLimit") : ABSENT}</span>;
  const used = key.limit_remaining === null ? null : key.limit - key.limit_remaining;
  const share = used === null ? 0 : used / (key.limit || 1);
  const words = { used: format.money(used), limit: format.money(key.limit) };
  const tone = share >= 1 ? "danger" : share >= NEAR ? "warning" : "accent";
  const reset = key.limit_reset as "daily" | "weekly" | "monthly" | null;
  return (
    <div className="min-w-28 space-y-1">
      <Progress
        label={t("table.limitLabel", { name: key.name, ...words })}
        value={used ?? 0}
        max={key.limit}
        tone={tone}
      />
      <p className="figures text-xs text-muted">
        {t("table.limitLine", words)} {reset && t.has(`reset.${reset}`) && t(`reset.${reset}`)}
      </p>
    </div>
  );
}
