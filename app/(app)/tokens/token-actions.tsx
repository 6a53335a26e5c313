"use client";
import { Ban, RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { ActionState } from "@/lib/action";
import type { NewToken, TokenView } from "@/lib/tokens/schema";
import { revokeTokenAction, rotateTokenAction } from "./actions";
import { ShownToken } from "./new-token";

const ICON = { "aria-hidden": true, className: "size-4.5" } as const;

export function TokenActions({ token, origin }: { token: TokenView; origin: string }): ReactNode {
  const t = useTranslations("tokens");
  const [renewed, setRenewed] = useState<NewToken>();
  const renew = async (state: ActionState<NewToken>, form: FormData) => {
    const next = await rotateTokenAction(state, form);
    if (next.data) setRenewed(next.data);
    return next;
  };
  if (!token.is_active) return null;
  const { id, name } = token;
  return (
    <div className="space-y-2">
      <div className="flex gap-0.5">
        <ConfirmDialog
          trigger={<RotateCw {...ICON} />}
          triggerLabel={t("rotate.label", { name })}
          title={t("rotate.title", { name })}
          confirm={t("rotate.confirm")}
          action={renew}
          fields={{ id }}
          variant="primary"
        >
          {t("rotate.text")}
        </ConfirmDialog>
        <ConfirmDialog
          trigger={<Ban {...ICON} />}
          triggerLabel={t("revoke.label", { name })}
          title={t("revoke.title", { name })}
          confirm={t("revoke.confirm")}
          action={revokeTokenAction}
          fields={{ id }}
        >
          {t("revoke.text")}
        </ConfirmDialog>
      </div>
      {renewed && <ShownToken key={renewed.token} token={renewed} origin={origin} />}
    </div>
  );
}
