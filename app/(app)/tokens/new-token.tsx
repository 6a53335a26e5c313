"use client";
import { useTranslations } from "next-intl";
import { CodeLine } from "@/components/ui/code-line";
import { Notice } from "@/components/ui/notice";
import type { NewToken, Scope } from "@/lib/tokens/schema";

const TODAY = "$(date -u +%F)";

/** Something that each scope may read, so that the line works whatever was ticked. */
const PATHS = {
  "read:stats": "/api/v1/stats",
  "read:usage": `/api/v1/usage?start_date=${TODAY}&end_date=${TODAY}`,
  "read:keys": "/api/v1/keys",
  "read:metrics": "/metrics",
} as const satisfies Record<Scope, string>;

/** A line that works as it stands. */
function curlLine(origin: string, { token, scopes }: NewToken): string {
  const [, path] = Object.entries(PATHS).find(([scope]) => scopes.includes(scope)) ?? ["", PATHS["read:stats"]];
  return `curl -H "Authorization: Bearer ${token}" "${origin}${path}"`;
}

/** The only sight of a new token. */
export function ShownToken({ token, origin }: { token: NewToken; origin: string }) {
  const t = useTranslations("tokens.shown");
  return (
    <Notice kind="warning" title={t("title", { name: token.name })}>
      <p>{t("warning")}</p>
      <div className="mt-3 space-y-3">
        <CodeLine text={token.token} copyLabel={t("copy")} />
        <p>{t("try")}</p>
        <CodeLine text={curlLine(origin, token)} copyLabel={t("copyCurl")} />
      </div>
    </Notice>
  );
}
