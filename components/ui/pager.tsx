import { useTranslations } from "next-intl";
import { useFormat } from "@/i18n/use-format";
import { ButtonLink } from "./button";

type PagerProps = { label: string; page: number; pages: number; total: number; hrefOf: (page: number) => string };

/** Where one is in a list, and the pages beside. */
export function Pager({ label, page, pages, total, hrefOf }: PagerProps) {
  const t = useTranslations("common");
  const format = useFormat();
  return (
    <nav aria-label={label} className="mt-4 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
      <p>{t("rows", { count: total, shown: format.count(total) })}</p>
      {pages > 1 && (
        <div className="flex items-center gap-2">
          {page > 1 && (
            <ButtonLink variant="secondary" size="small" href={hrefOf(page - 1)} rel="prev">
              {t("previous")}
            </ButtonLink>
          )}
          <span>{t("pageOf", { page: format.count(page), pages: format.count(pages) })}</span>
          {page < pages && (
            <ButtonLink variant="secondary" size="small" href={hrefOf(page + 1)} rel="next">
              {t("next")}
            </ButtonLink>
          )}
        </div>
      )}
    </nav>
  );
}
