"use client";
import { Bookmark, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { deleteViewAction, saveViewAction } from "@/app/(app)/view-actions";
import { MenuButton } from "@/components/shell/menu-button";
import { ActionNotice } from "@/components/ui/action-notice";
import { IconAction } from "@/components/ui/icon-action";
import { Link } from "@/components/ui/link";
import { NameField } from "@/components/ui/name-field";
import { SubmitButton } from "@/components/ui/submit-button";
import type { SavedView, ViewPage } from "@/lib/views/schema";

/** The filters of a page under a name: to choose, to keep, to forget. */
export function SavedViews({ page, query, views }: { page: ViewPage; query: string; views: SavedView[] }) {
  const t = useTranslations("common.views");
  const [kept, keep] = useActionState(saveViewAction, { status: "idle" });
  const [forgotten, forget] = useActionState(deleteViewAction, { status: "idle" });
  const own = views.filter((view) => view.page === page);
  return (
    <MenuButton label={t("label")} icon={<Bookmark aria-hidden="true" className="size-4" />}>
      <div className="w-68 space-y-3 p-1.5">
        {own.length > 0 ? (
          <ul>
            {own.map((view) => (
              <li key={view.id} className="flex items-center gap-1">
                <Link
                  href={`/${view.page}${view.query}`}
                  className="flex min-h-9 min-w-0 flex-1 items-center rounded-lg px-2 text-sm hover:bg-sunken"
                >
                  <span className="truncate">{view.name}</span>
                </Link>
                <IconAction
                  label={t("delete", { name: view.name })}
                  icon={<Trash2 aria-hidden="true" className="size-4" />}
                  action={forget}
                  fields={{ id: view.id }}
                />
              </li>
            ))}
          </ul>
        ) : (
          <p className="text-sm text-muted">{t("none")}</p>
        )}
        <form action={keep} className="space-y-2 border-t border-line pt-3">
          <input type="hidden" name="page" value={page} />
          <input type="hidden" name="query" value={query} />
          <NameField of={kept} label={t("name")} maxLength={60} />
          {kept.status === "failed" && <ActionNotice state={kept} />}
          {forgotten.status === "failed" && <ActionNotice state={forgotten} />}
          <SubmitButton size="small">{t("save")}</SubmitButton>
        </form>
      </div>
    </MenuButton>
  );
}
