import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { changedQuery, type SearchParams } from "@/lib/base/query-string";
import { Link } from "./link";
import { Th } from "./table";

type SortHeadProps = {
  column: string;
  name: string;
  /** The column that is sorted by; with a minus in front, from the greatest. */
  sort: string;
  params: SearchParams;
  numeric?: boolean;
  className?: string;
};

/** The head of a column that can be sorted by: a press sorts from the greatest, another from the least. */
export function SortHead({ column, name, sort, params, ...head }: SortHeadProps) {
  const t = useTranslations("common.sort");
  const direction = sort === column ? "ascending" : sort === `-${column}` ? "descending" : undefined;
  const next = direction === "descending" ? "ascending" : "descending";
  const Icon = direction ? { ascending: ArrowUp, descending: ArrowDown }[direction] : ChevronsUpDown;
  return (
    <Th {...head} aria-sort={direction}>
      <Link
        href={changedQuery(params, { sort: next === "ascending" ? column : `-${column}`, page: null })}
        title={t(next, { column: name })}
        className="inline-flex min-h-6 items-center gap-1 hover:text-ink"
      >
        {name}
        <Icon aria-hidden="true" className={`size-3.5 ${direction ? "text-accent" : "opacity-50"}`} />
      </Link>
    </Th>
  );
}
