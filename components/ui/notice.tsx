"use client";
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";

export type NoticeKind = "info" | "success" | "warning" | "error";

const LOOKS = {
  info: { box: "bg-info-soft border-info/30", mark: "text-info", Icon: Info },
  success: { box: "bg-success-soft border-success/30", mark: "text-success", Icon: CircleCheck },
  warning: { box: "bg-warning-soft border-warning/30", mark: "text-warning", Icon: TriangleAlert },
  error: { box: "bg-danger-soft border-danger/30", mark: "text-danger", Icon: CircleAlert },
} as const;

type NoticeProps = {
  kind?: NoticeKind;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** False for what must stay in sight as long as it is true. */
  dismissible?: boolean;
  onDismiss?: () => void;
};

/** A message that stays until it is dismissed. Give it a new `key` to show it again. */
export function Notice({ kind = "info", title, children, actions, dismissible = true, onDismiss }: NoticeProps) {
  const t = useTranslations("common");
  const [shown, setShown] = useState(true);
  if (!shown) return null;
  const { box, mark, Icon } = LOOKS[kind];
  const dismiss = () => {
    setShown(false);
    onDismiss?.();
  };
  return (
    <div role={kind === "error" ? "alert" : "status"} className={`flex gap-3 rounded-xl border p-3.5 text-sm ${box}`}>
      <Icon aria-hidden="true" className={`mt-0.5 size-4.5 shrink-0 ${mark}`} />
      <div className="min-w-0 flex-1 space-y-1 wrap-break-word">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div>{children}</div>}
        {actions && <div className="flex flex-wrap gap-2 pt-1.5">{actions}</div>}
      </div>
      {dismissible && (
        <button
          type="button"
          onClick={dismiss}
          aria-label={t("dismiss")}
          className="-m-1 grid size-8 shrink-0 place-items-center rounded-lg hover:bg-ink/10"
        >
          <X aria-hidden="true" className="size-4" />
        </button>
      )}
    </div>
  );
}
