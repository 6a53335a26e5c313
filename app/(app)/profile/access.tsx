import { getTranslations } from "next-intl/server";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { pageFormat } from "@/i18n/format";
import type { AccessView } from "@/lib/users/access-schema";
import { deleteConnectionAction } from "../live/setup/actions";
import { revokeTokenAction } from "../tokens/actions";
import { revokeBadgeAction } from "./access-actions";
import { ActionForm } from "./action-form";
import { endSessionByIdAction } from "./actions";
import { ConfirmationField } from "./confirmation-field";
import { deviceName } from "./device-name";
import { removePasskeyAction } from "./passkey-actions";
import { disconnectIdentityAction } from "./service-actions";

type Props = { items: AccessView[]; services: { id: string; name: string }[]; hasPassword: boolean };

/** What can open the person's account besides their password, each with its end. */
export async function Access({ items, services, hasPassword }: Props) {
  const t = await getTranslations("profile.access");
  const format = await pageFormat();
  if (items.length === 0) return <p className="text-sm text-muted">{t("none")}</p>;
  const nameOf = ({ kind, name }: AccessView): string => {
    if (kind === "session") return deviceName(name) ?? t("unknownDevice");
    if (kind === "service") return services.find(({ id }) => id === name)?.name ?? name ?? "–";
    return name ?? t("wholeTeam");
  };
  return (
    <Table
      stacked
      label={t("label")}
      head={
        <>
          <Th>{t("what")}</Th>
          <Th>{t("since")}</Th>
          <Th>{t("used")}</Th>
          <Th>{t("actions")}</Th>
        </>
      }
    >
      {items.map((item) => (
        <Tr key={`${item.kind} ${item.id}`}>
          <Td wide>
            <Badge>{t(`kind.${item.kind}`)}</Badge> <span className="wrap-anywhere">{nameOf(item)}</span>
          </Td>
          <Td label={t("since")} className="whitespace-nowrap">
            {format.date(item.created_at)}
          </Td>
          <Td label={t("used")}>{item.last_used_at ? format.dateTime(item.last_used_at) : "–"}</Td>
          <Td wide>
            <EndOf item={item} name={nameOf(item)} hasPassword={hasPassword} />
          </Td>
        </Tr>
      ))}
    </Table>
  );
}

const AT_ONCE = {
  session: endSessionByIdAction,
  api_token: revokeTokenAction,
  badge: revokeBadgeAction,
  broadcast_connection: deleteConnectionAction,
};

/** A button that ends it. Ways to sign in go only with the password, like everywhere: a stolen session must not lock their owner out. */
async function EndOf({
  item: { kind, id },
  name,
  hasPassword,
}: {
  item: AccessView;
  name: string;
  hasPassword: boolean;
}) {
  const t = await getTranslations("profile.access");
  const label = t("endLabel", { what: `${t(`kind.${kind}`)} ${name}` });
  if (kind === "passkey" || kind === "service")
    return (
      <ConfirmDialog
        trigger={t("end")}
        triggerVariant="secondary"
        triggerSize="small"
        triggerLabel={label}
        title={label}
        confirm={t("end")}
        action={kind === "passkey" ? removePasskeyAction : disconnectIdentityAction}
        fields={kind === "passkey" ? { id } : { service: id }}
      >
        <ConfirmationField hasPassword={hasPassword} />
      </ConfirmDialog>
    );
  return (
    <ActionForm action={AT_ONCE[kind]}>
      <Button type="submit" name="id" value={id} variant="secondary" size="small" aria-label={label}>
        {t("end")}
      </Button>
    </ActionForm>
  );
}
