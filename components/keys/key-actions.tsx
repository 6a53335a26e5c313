"use client";
import { Eye, EyeOff, PlugZap, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { checkKey, removeKey, removeKeyAndLeave, switchKey } from "@/app/(app)/keys/actions";
import { ActionNotice } from "@/components/ui/action-notice";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { IconAction } from "@/components/ui/icon-action";
import type { KeyView } from "@/lib/keys/schema";
import { EditKey } from "./edit-key";

const ICON = { "aria-hidden": true, className: "size-4.5" } as const;

type KeyActionsProps = {
  of: Pick<KeyView, "id" | "name" | "description" | "kind" | "is_active">;
  /** On the key's own page there is room for words. */
  ownPage?: boolean;
};

/** What can be done to a key, each without leaving the page. */
export function KeyActions({ of: key, ownPage = false }: KeyActionsProps) {
  const t = useTranslations("keys");
  const [test, sendTest] = useActionState(checkKey, { status: "idle" });
  const [switched, sendSwitch] = useActionState(switchKey, { status: "idle" });
  const { id, name } = key;
  const status = test.data?.status;
  const toggle = key.is_active ? "deactivate" : "activate";
  return (
    <div className="space-y-2">
      <div className={ownPage ? "flex flex-wrap gap-2" : "-ml-2 flex flex-wrap gap-0.5 sm:flex-nowrap"}>
        {key.is_active && (
          <IconAction
            label={t("action.test", { name })}
            text={ownPage ? t("action.testShort") : undefined}
            icon={<PlugZap {...ICON} />}
            action={sendTest}
            fields={{ id }}
          />
        )}
        <EditKey of={key} inWords={ownPage} />
        <IconAction
          label={t(`action.${toggle}`, { name })}
          text={ownPage ? t(`action.${toggle}Short`) : undefined}
          icon={key.is_active ? <EyeOff {...ICON} /> : <Eye {...ICON} />}
          action={sendSwitch}
          fields={{ id, is_active: String(!key.is_active) }}
        />
        <ConfirmDialog
          trigger={
            <>
              <Trash2 {...ICON} />
              {ownPage && t("action.deleteShort")}
            </>
          }
          triggerVariant={ownPage ? "secondary" : "ghost"}
          triggerLabel={ownPage ? undefined : t("action.delete", { name })}
          title={t("delete.title", { name })}
          confirm={t("delete.confirm")}
          action={ownPage ? removeKeyAndLeave : removeKey}
          fields={{ id }}
          typeToConfirm={name}
        >
          <p>{t(key.kind === "management" ? "delete.textManagement" : "delete.text")}</p>
          <p className="text-muted">{t("delete.instead")}</p>
        </ConfirmDialog>
      </div>
      <ActionNotice state={test} done={status && t("test.done", { status: t(`status.${status}`) })} />
      {switched.status === "failed" && <ActionNotice state={switched} />}
    </div>
  );
}
