"use client";
import { Eye, EyeOff, PlugZap } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState } from "react";
import { testKeyAction, updateKeyIsActiveAction } from "@/app/(app)/keys/actions";
import { ActionNotice } from "@/components/ui/action-notice";
import { IconAction } from "@/components/ui/icon-action";
import { type ActedKey, OwnDialog } from "./key-dialog";
import { SharedDialog } from "./shared-dialog";

const ICON = { "aria-hidden": true, className: "size-4.5" } as const;

type KeyActionsProps = {
  of: ActedKey;
  /** On the key's own page there is room for words, and for dialogs of its own. */
  ownPage?: boolean;
};

/** What can be done to a key, each without leaving the page. */
export function KeyActions({ of: key, ownPage = false }: KeyActionsProps) {
  const t = useTranslations("keys");
  const [test, sendTest] = useActionState(testKeyAction, { status: "idle" });
  const [switched, sendSwitch] = useActionState(updateKeyIsActiveAction, { status: "idle" });
  const { id, name } = key;
  const QuestionButton = ownPage ? OwnDialog : SharedDialog;
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
        <QuestionButton what="edit" of={key} />
        <IconAction
          label={t(`action.${toggle}`, { name })}
          text={ownPage ? t(`action.${toggle}Short`) : undefined}
          icon={key.is_active ? <EyeOff {...ICON} /> : <Eye {...ICON} />}
          action={sendSwitch}
          fields={{ id, is_active: String(!key.is_active) }}
        />
        <QuestionButton what="delete" of={key} />
      </div>
      <ActionNotice state={test} done={status && t("test.done", { status: t(`status.${status}`) })} />
      {switched.status === "failed" && <ActionNotice state={switched} />}
    </div>
  );
}
