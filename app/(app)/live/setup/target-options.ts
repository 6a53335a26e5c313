"use client";
import { useTranslations } from "next-intl";
import type { Option } from "@/components/ui/select";
import type { BroadcastAccount } from "@/lib/broadcast/accounts";

/** Each workspace of each account, for a field that the forms read as one choice. */
export function useTargetOptions(accounts: BroadcastAccount[]): Option[] {
  const t = useTranslations("live.setup.target");
  return accounts.flatMap(({ id, name, workspaces }) =>
    workspaces.length === 0
      ? [{ value: String(id), label: t("defaultWorkspace", { account: name }) }]
      : workspaces.map((workspace) => ({
          value: `${id}:${workspace.id}`,
          label: t("workspace", { account: name, workspace: workspace.name }),
        })),
  );
}
