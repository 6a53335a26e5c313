import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import type { Health, Warning } from "@/lib/keys/health";

const TONES: Record<Warning, Tone> = {
  not_accepted: "danger",
  not_read: "warning",
  limit_reached: "danger",
  near_limit: "warning",
  expiring: "warning",
  never_used: "neutral",
  no_limit: "neutral",
};

const MOST_NAMED = 4;

/** What about the keys wants attention. */
export function KeyHealth({ health }: { health: Health[] }) {
  const t = useTranslations("dashboard.health");
  if (health.length === 0) {
    return (
      <p className="flex items-center gap-2 text-sm">
        <CircleCheck aria-hidden="true" className="size-5 shrink-0 text-success" />
        {t("good")}
      </p>
    );
  }
  return (
    <ul className="space-y-3">
      {health.map(({ warning, keys }) => (
        <li key={warning} className="text-sm">
          <Badge tone={TONES[warning]}>{t(warning, { count: keys.length })}</Badge>
          <p className="mt-1 flex flex-wrap gap-x-3 wrap-anywhere">
            {keys.slice(0, MOST_NAMED).map((key) => (
              <Link
                key={key.id}
                href={`/keys/${key.id}`}
                className="inline-flex min-h-7 items-center text-accent hover:underline"
              >
                {key.name}
              </Link>
            ))}
            {keys.length > MOST_NAMED && (
              <Link href="/keys" className="inline-flex min-h-7 items-center text-muted hover:underline">
                {t("more", { count: keys.length - MOST_NAMED })}
              </Link>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
