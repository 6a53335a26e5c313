import { useTranslations } from "next-intl";
import { useFormat } from "@/i18n/use-format";
import type { listSelection } from "@/lib/usage/read/list-selection";

type Totals = Awaited<ReturnType<typeof listSelection>>["totals"];

/** What all pages of the selection add up to, in sight without scrolling. */
export function SelectionTotals({ totals }: { totals: Totals }) {
  const t = useTranslations("stats.column");
  const format = useFormat();
  const figures = [
    ["cost", format.money(totals.cost)],
    ["requests", format.count(totals.requests)],
    ["tokens_input", format.count(totals.tokens_input)],
    ["tokens_output", format.count(totals.tokens_output)],
    ["tokens_total", format.count(totals.tokens_total)],
  ] as const;
  return (
    <dl className="mb-4 flex flex-wrap gap-x-8 gap-y-3 border-b border-line pb-4">
      {figures.map(([column, text]) => (
        <div key={column}>
          <dt className="text-sm text-muted">{t(column)}</dt>
          <dd className="figures text-lg font-semibold">{text}</dd>
        </div>
      ))}
    </dl>
  );
}
