import { useTranslations } from "next-intl";
import { changeOf } from "@/components/charts/stat-card";
import { Link } from "@/components/ui/link";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useFormat } from "@/i18n/use-format";
import type { readDashboard } from "@/lib/usage/read/read-dashboard";

type Models = Awaited<ReturnType<typeof readDashboard>>["top_models"];

type ModelTableProps = {
  models: Models;
  hrefOf: (model: string) => string;
  /** Cost (USD) in the period before, where the two are compared. */
  before?: Map<string | null, number> | undefined;
};

/** Not on a phone, nor where two tables stand side by side on a screen of middling width. */
const IF_ROOM = "max-sm:hidden min-[90rem]:max-2xl:hidden";

export function ModelTable({ models, hrefOf, before }: ModelTableProps) {
  const t = useTranslations("dashboard.models");
  const chart = useTranslations("common.chart");
  const format = useFormat();
  return (
    <Table
      label={t("title")}
      head={
        <>
          <Th>{t("model")}</Th>
          <Th numeric>{t("requests")}</Th>
          <Th numeric className={IF_ROOM}>
            {t("input")}
          </Th>
          <Th numeric className={IF_ROOM}>
            {t("output")}
          </Th>
          <Th numeric>{t("cost")}</Th>
          {before && <Th numeric>{t("change")}</Th>}
          <Th numeric className="max-sm:hidden">
            {t("share")}
          </Th>
        </>
      }
    >
      {models.map((row) => (
        <Tr key={row.model ?? ""}>
          <Td className="min-w-28 max-w-48 wrap-break-word">
            {row.model ? (
              <Link href={hrefOf(row.model)} className="hover:text-accent hover:underline">
                {row.model}
              </Link>
            ) : (
              chart("unknown")
            )}
          </Td>
          <Td numeric>{format.count(row.requests)}</Td>
          <Td numeric className={IF_ROOM}>
            {format.short(row.tokens_input)}
          </Td>
          <Td numeric className={IF_ROOM}>
            {format.short(row.tokens_output)}
          </Td>
          <Td numeric>{format.money(row.cost)}</Td>
          {before && (
            <Td numeric title={t("before", { cost: format.money(before.get(row.model) ?? 0) })}>
              {format.change(changeOf(row.cost, before.get(row.model) ?? null))}
            </Td>
          )}
          <Td numeric className="max-sm:hidden">
            {format.percent(row.percentage_cost)}
          </Td>
        </Tr>
      ))}
    </Table>
  );
}
