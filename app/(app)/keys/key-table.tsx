import { useTranslations } from "next-intl";
import { KeyActions } from "@/components/keys/key-actions";
import { KeyStatus } from "@/components/keys/key-status";
import { LimitBar } from "@/components/keys/limit-bar";
import { WithSharedDialog } from "@/components/keys/shared-dialog";
import { Badge } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { SortHead } from "@/components/ui/sort-head";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useFormat } from "@/i18n/use-format";
import { ABSENT } from "@/lib/base/format";
import type { SearchParams } from "@/lib/base/query-string";
import { hasUpstreamData, type KeySort, type KeyView } from "@/lib/keys/schema";

type KeyTableProps = { keys: KeyView[]; sort: KeySort; params: SearchParams };

export function KeyTable({ keys, sort, params }: KeyTableProps) {
  const t = useTranslations("keys.table");
  const kind = useTranslations("keys.kind");
  const common = useTranslations("common");
  const format = useFormat();
  const sorted = { sort, params };
  return (
    <WithSharedDialog>
      <Table
        stacked
        label={t("label")}
        head={
          <>
            <SortHead column="name" name={t("name")} {...sorted} />
            <Th className="max-md:hidden">{t("status")}</Th>
            <SortHead column="spend_month" name={t("spend")} numeric {...sorted} />
            <Th className="max-lg:hidden">{t("limit")}</Th>
            <SortHead column="last_used_at" name={t("lastUsed")} className="sm:max-xl:hidden" {...sorted} />
            <SortHead column="created_at" name={t("created")} className="sm:max-[90rem]:hidden" {...sorted} />
            <Th className="max-sm:hidden">{t("actions")}</Th>
          </>
        }
      >
        {keys.map((key) => (
          <Tr key={key.id} className="align-top">
            <Td wide className="min-w-40 align-top">
              <Link href={`/keys/${key.id}`} className="font-medium text-accent hover:underline">
                {key.name}
              </Link>
              <p className="mt-0.5 flex flex-wrap items-center gap-1.5 text-xs text-muted">
                {hasUpstreamData(key) && (
                  <Badge tone={key.kind === "management" ? "accent" : "neutral"}>{kind(key.kind)}</Badge>
                )}
                {key.label && <span className="font-mono">{key.label}</span>}
              </p>
              {key.description && <p className="mt-1 max-w-xs text-xs text-muted wrap-break-word">{key.description}</p>}
              <div className="mt-1.5 space-y-1.5 md:hidden">
                <KeyStatus of={key} />
                <p className="figures text-sm sm:hidden">{t("month", { amount: format.money(key.spend_month) })}</p>
              </div>
            </Td>
            <Td className="max-w-56 min-w-32 align-top max-md:hidden">
              <KeyStatus of={key} />
            </Td>
            <Td numeric className="align-top max-sm:hidden">
              {t("month", { amount: format.money(key.spend_month) })}
              <span className="block text-xs text-muted">{t("today", { amount: format.money(key.spend_today) })}</span>
            </Td>
            <Td className="align-top max-lg:hidden">
              <LimitBar of={key} />
            </Td>
            <Td className="align-top whitespace-nowrap max-xl:hidden">
              {key.last_used_at ? (
                <time dateTime={key.last_used_at}>{format.ago(key.last_used_at)}</time>
              ) : key.last_synced_at ? (
                common("never")
              ) : (
                ABSENT
              )}
            </Td>
            <Td className="align-top whitespace-nowrap max-[90rem]:hidden">
              <time dateTime={key.created_at}>{format.date(key.created_at)}</time>
              <span className="block text-xs text-muted">{t("addedOn", { date: format.date(key.added_at) })}</span>
            </Td>
            <Td wide className="min-w-22 align-top">
              <KeyActions of={key} />
            </Td>
          </Tr>
        ))}
      </Table>
    </WithSharedDialog>
  );
}
