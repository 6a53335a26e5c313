"use client";
import { Pencil, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { deleteKeyAction, deleteKeyAndLeaveAction } from "@/app/(app)/keys/actions";
import { ConfirmForm } from "@/components/ui/confirm-form";
import { Dialog } from "@/components/ui/dialog";
import { OpenDialog } from "@/components/ui/open-dialog";
import type { KeyView } from "@/lib/keys/schema";
import { EditKey } from "./edit-key";

/** What the buttons and dialogs of a key must know of it. */
export type ActedKey = Pick<KeyView, "id" | "name" | "description" | "kind" | "is_active">;

/** What is done to a key in a dialog. */
export type Question = { what: "edit" | "delete"; of: ActedKey };

const ICONS = { edit: Pencil, delete: Trash2 };

export function QuestionIcon({ of: what }: { of: Question["what"] }) {
  const Icon = ICONS[what];
  return <Icon aria-hidden="true" className="size-4.5" />;
}

type KeyDialogProps = Question & { id: string; ownPage: boolean; onClose?: () => void };

/** Changes a key's name and description, or asks before it is deleted. */
export function KeyDialog({ what, of: key, id, ownPage, onClose }: KeyDialogProps) {
  const t = useTranslations("keys");
  return (
    <Dialog id={id} title={t(`${what}.title`, { name: key.name })} onClose={onClose}>
      {what === "edit" ? (
        <EditKey of={key} dialog={id} />
      ) : (
        <ConfirmForm
          dialog={id}
          confirm={t("delete.confirm")}
          action={ownPage ? deleteKeyAndLeaveAction : deleteKeyAction}
          fields={{ id: key.id }}
          typeToConfirm={key.name}
        >
          <p>{t(key.kind === "management" ? "delete.textManagement" : "delete.text")}</p>
          <p className="text-muted">{t("delete.instead")}</p>
        </ConfirmForm>
      )}
    </Dialog>
  );
}

/** The dialog of a key's own page, with its button in words. */
export function OwnDialog({ what, of }: Question) {
  const t = useTranslations("keys.action");
  const id = useId();
  return (
    <>
      <OpenDialog dialog={id} variant="secondary" size="small">
        <QuestionIcon of={what} />
        {t(`${what}Short`)}
      </OpenDialog>
      <KeyDialog {...{ what, of, id }} ownPage />
    </>
  );
}
