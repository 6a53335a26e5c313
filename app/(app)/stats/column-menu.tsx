import { Check, Columns3 } from "lucide-react";
import { useTranslations } from "next-intl";
import { MenuButton } from "@/components/shell/menu-button";
import { Link } from "@/components/ui/link";
import { changedQuery, type SearchParams } from "@/lib/base/query-string";
import { columnsOf } from "@/lib/usage/present/columns";
import type { StatsView } from "@/lib/usage/present/stats-view";

/** Which columns are shown: a link each, so that the choice is part of the address. */
export function ColumnMenu({ params, view }: { params: SearchParams; view: StatsView }) {
  const t = useTranslations("stats.column");
  return (
    <MenuButton label={t("label")} icon={<Columns3 aria-hidden="true" className="size-4" />}>
      <ul>
        {columnsOf(view.group).map((column) => {
          const isHidden = view.hide.includes(column);
          const hide = isHidden ? view.hide.filter((one) => one !== column) : [...view.hide, column];
          return (
            <li key={column}>
              <Link
                href={changedQuery({ ...params, hide }, {})}
                aria-current={isHidden ? undefined : "true"}
                className="flex min-h-9 items-center gap-2 rounded-lg px-3 text-sm hover:bg-sunken"
              >
                <Check aria-hidden="true" className={`size-4 text-accent ${isHidden ? "invisible" : ""}`} />
                {t(column)}
              </Link>
            </li>
          );
        })}
      </ul>
    </MenuButton>
  );
}
