import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { KeyStatus } from "@/components/keys/key-status";
import { LimitBar } from "@/components/keys/limit-bar";
import { Link } from "@/components/ui/link";
import { useFormat } from "@/i18n/use-format";
import { useSentence } from "@/i18n/use-sentence";
import { ABSENT } from "@/lib/base/format";
import { hasUpstreamData, type KeyView } from "@/lib/keys/schema";

/** What is known about a key, apart from its usage. */
export function KeyFacts({ of: key, account }: { of: KeyView; account: KeyView | null }) {
  const t = useTranslations("keys");
  const never = useTranslations("common")("never");
  const format = useFormat();
  const sentence = useSentence();
  const when = (time: string | null): ReactNode =>
    time ? (
      <time dateTime={time} title={format.dateTime(time)}>
        {format.ago(time)}
      </time>
    ) : (
      never
    );
  const facts: [string, ReactNode][] = [
    [t("table.status"), <KeyStatus key="status" of={key} />],
    [t("table.kind"), hasUpstreamData(key) ? t(`kind.${key.kind}`) : ABSENT],
    [t("table.spend"), t("table.month", { amount: format.money(key.spend_month) })],
    [t("detail.limit"), <LimitBar key="limit" of={key} />],
    [t("table.lastUsed"), key.last_used_at || key.last_synced_at ? when(key.last_used_at) : ABSENT],
    [t("detail.synced"), key.last_sync_error ? sentence(key.last_sync_error) : when(key.last_synced_at)],
    [t("detail.checked"), when(key.checked_at)],
    [t("detail.expires"), key.expires_at || !hasUpstreamData(key) ? format.dateTime(key.expires_at) : never],
    [t("table.created"), format.date(key.created_at)],
    [t("table.added"), format.date(key.added_at)],
  ];
  if (key.label)
    facts.push([
      t("detail.label"),
      <span key="label" className="font-mono text-xs">
        {key.label}
      </span>,
    ]);
  if (key.workspace) facts.push([t("detail.workspace"), key.workspace]);
  if (key.measured_by) facts.push([t("detail.measured"), t(`detail.measuredBy.${key.measured_by}`)]);
  if (key.measured_detail) facts.push([t("detail.measuredWhy"), sentence(key.measured_detail)]);
  if (account) {
    facts.push([
      t("detail.account"),
      <Link key="account" href={`/keys/${account.id}`} className="text-accent hover:underline">
        {account.name}
      </Link>,
    ]);
  }
  return (
    <dl className="space-y-3 text-sm">
      {facts.map(([name, value]) => (
        <div key={name} className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-3">
          <dt className="text-muted">{name}</dt>
          <dd className="wrap-break-word">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
