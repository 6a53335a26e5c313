import { getTranslations } from "next-intl/server";
import { Badge } from "@/components/ui/badge";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { pageFormat } from "@/i18n/format";
import type { PasskeyView } from "@/lib/passkeys/schema";
import { AddPasskey } from "./add-passkey";
import { ConfirmationField } from "./confirmation-field";
import { removeOnePasskey, renameOnePasskey } from "./passkey-actions";

type Props = { passkeys: PasskeyView[]; hasPassword: boolean; origin: string };

/** The person's passkeys, and the form for another one. */
export async function Passkeys({ passkeys, hasPassword, origin }: Props) {
  const t = await getTranslations("profile.passkeys");
  const format = await pageFormat();
  return (
    <div className="space-y-5">
      {passkeys.length === 0 ? (
        <p className="text-sm text-muted">{t("none")}</p>
      ) : (
        <Table
          label={t("label")}
          head={
            <>
              <Th>{t("nameShort")}</Th>
              <Th className="max-sm:hidden">{t("added")}</Th>
              <Th>{t("used")}</Th>
              <Th>{t("actions")}</Th>
            </>
          }
        >
          {passkeys.map((passkey) => (
            <Tr key={passkey.id}>
              <Td>
                <span className="wrap-anywhere">{passkey.name}</span> <Kind of={passkey} />
              </Td>
              <Td className="whitespace-nowrap max-sm:hidden">{format.date(passkey.created_at)}</Td>
              <Td>{passkey.last_used_at ? format.dateTime(passkey.last_used_at) : t("never")}</Td>
              <Td className="whitespace-nowrap">
                <ConfirmDialog
                  trigger={t("rename")}
                  title={t("renameTitle", { name: passkey.name })}
                  confirm={t("rename")}
                  variant="primary"
                  action={renameOnePasskey}
                  fields={{ id: passkey.id }}
                >
                  <Field name="name" label={t("name")} required maxLength={100} defaultValue={passkey.name} />
                </ConfirmDialog>
                <ConfirmDialog
                  trigger={t("remove")}
                  title={t("removeTitle", { name: passkey.name })}
                  confirm={t("remove")}
                  action={removeOnePasskey}
                  fields={{ id: passkey.id }}
                >
                  <p>{t("removeText")}</p>
                  {passkeys.length === 1 && <p>{t("removeLast")}</p>}
                  <ConfirmationField hasPassword={hasPassword} />
                </ConfirmDialog>
              </Td>
            </Tr>
          ))}
        </Table>
      )}
      <AddPasskey hasPassword={hasPassword} origin={origin} />
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
