"use client";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { closeDialog } from "./open-dialog";

type DialogProps = {
  id: string;
  title: ReactNode;
  children: ReactNode;
  onClose?: (() => void) | undefined;
};

/** A native modal dialog. Open it with `OpenDialog`, from script with `openDialog`. Escape and a press beside it close it. */
export function Dialog({ id, title, children, onClose }: DialogProps) {
  const t = useTranslations("common");
  const titleId = useId();
  return (
    <dialog
      id={id}
      onClose={onClose}
      aria-labelledby={titleId}
      {...{ closedby: "any" }}
      className="m-auto w-[calc(100%-2rem)] max-w-md rounded-2xl border border-line bg-surface p-5 text-ink shadow-xl backdrop:bg-black/50"
    >
      <div className="mb-3 flex items-start justify-between gap-4">
        <h2 id={titleId} className="text-lg font-semibold">
          {title}
        </h2>
        <button
          type="button"
          onClick={() => closeDialog(id)}
          {...{ command: "close", commandfor: id }}
          aria-label={t("close")}
          className="-m-1 grid size-9 shrink-0 place-items-center rounded-lg hover:bg-sunken"
        >
          <X aria-hidden="true" className="size-4.5" />
        </button>
      </div>
      {children}
    </dialog>
  );
}
