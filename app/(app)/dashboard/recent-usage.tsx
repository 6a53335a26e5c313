import { useTranslations } from "next-intl";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useFormat } from "@/i18n/use-format";
import type { UsageItem } from "@/lib/usage/read/list-usage";

/** The newest rows; those of one key need not name it. */
export function RecentUsage({ items, ofOneKey = false }: { items: UsageItem[]; ofOneKey?: boolean }) {
  const t = useTranslations("dashboard.recent");
  const chart = useTranslations("common.chart");
  const format = useFormat();
  return (
    <Table
      label={t("title")}
      head={
        <>
          <Th>{t("date")}</Th>
          {!ofOneKey && <Th>{t("key")}</Th>}
          <Th className={ofOneKey ? "" : "max-sm:hidden"}>{t("model")}</Th>
          <Th numeric>{t("requests")}</Th>
          <Th numeric>{t("cost")}</Th>
        </>
      }
    >
      {items.map((row) => (
        <Tr key={`${row.date} ${row.api_key_id} ${row.model} ${row.provider}`}>
          <Td className="whitespace-nowrap">{format.dayShort(row.date)}</Td>
          {!ofOneKey && (
            <Td className="max-w-40 wrap-anywhere">
              {row.api_key_name}
              <span className="block text-xs text-muted sm:hidden">{row.model ?? chart("unknown")}</span>
            </Td>
          )}
          <Td className={`max-w-48 wrap-anywhere ${ofOneKey ? "" : "max-sm:hidden"}`}>
            {row.model ?? chart("unknown")}
            {row.provider && <span className="block text-xs text-muted">{row.provider}</span>}
          </Td>
          <Td numeric>{format.count(row.requests)}</Td>
          <Td numeric>{format.money(row.cost)}</Td>
        </Tr>
      ))}
    </Table>
  );
}
