import { getTranslations } from "next-intl/server";
import { Badge } from "@/components/ui/badge";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { pageFormat } from "@/i18n/format";
import { passkeyPlace } from "@/lib/passkeys/relying-party";
import type { PasskeyView } from "@/lib/passkeys/schema";
import { AddPasskey } from "./add-passkey";
import { ConfirmationField } from "./confirmation-field";
import { removePasskeyAction, renamePasskeyAction } from "./passkey-actions";

type Props = { passkeys: PasskeyView[]; hasPassword: boolean };

/** The person's passkeys, and the form for another one. */
export async function Passkeys({ passkeys, hasPassword }: Props) {
  const t = await getTranslations("profile.passkeys");
  const format = await pageFormat();
  return (
    <div className="space-y-5">
      {passkeys.length === 0 ? (
        <p className="text-sm text-muted">{t("none")}</p>
      ) : (
        <Table
          stacked
          label={t("label")}
          head={
            <>
              <Th>{t("nameShort")}</Th>
              <Th>{t("added")}</Th>
              <Th>{t("used")}</Th>
              <Th>{t("actions")}</Th>
            </>
          }
        >
          {passkeys.map((passkey) => (
            <Tr key={passkey.id}>
              <Td wide>
                <span className="font-medium wrap-anywhere">{passkey.name}</span> <Kind of={passkey} />
              </Td>
              <Td label={t("added")} className="whitespace-nowrap">
                {format.date(passkey.created_at)}
              </Td>
              <Td label={t("used")}>{passkey.last_used_at ? format.dateTime(passkey.last_used_at) : t("never")}</Td>
              <Td wide>
                <span className="flex flex-wrap gap-2">
                  <ConfirmDialog
                    triggerVariant="secondary"
                    trigger={t("rename")}
                    title={t("renameTitle", { name: passkey.name })}
                    confirm={t("rename")}
                    variant="primary"
                    action={renamePasskeyAction}
                    fields={{ id: passkey.id }}
                  >
                    <Field name="name" label={t("name")} required maxLength={100} defaultValue={passkey.name} />
                  </ConfirmDialog>
                  <ConfirmDialog
                    triggerVariant="secondary"
                    trigger={t("remove")}
                    title={t("removeTitle", { name: passkey.name })}
                    confirm={t("remove")}
                    action={removePasskeyAction}
                    fields={{ id: passkey.id }}
                  >
                    <p>{t("removeText")}</p>
                    {passkeys.length === 1 && <p>{t("removeLast")}</p>}
                    <ConfirmationField hasPassword={hasPassword} />
                  </ConfirmDialog>
                </span>
              </Td>
            </Tr>
          ))}
        </Table>
      )}
      <AddPasskey hasPassword={hasPassword} place={await passkeyPlace()} />
    </div>
  );
}

/** Whether it leaves its device, as far as the authenticator told. */
async function Kind({ of }: { of: PasskeyView }) {
  const t = await getTranslations("profile.passkeys");
  return (
    <>
      {of.device_type && <Badge>{t(of.device_type)}</Badge>}{" "}
      {of.backed_up && <Badge tone="success">{t("backedUp")}</Badge>}
    </>
  );
}
