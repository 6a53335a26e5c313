import { Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useFormat } from "@/i18n/use-format";
import type { ConnectionView } from "@/lib/broadcast/schema";
import { deleteConnectionAction } from "./actions";

export function ConnectionTable({ connections }: { connections: ConnectionView[] }) {
  const t = useTranslations("live.setup.connections");
  const common = useTranslations("common");
  const format = useFormat();
  const ago = (time: string | null) =>
    time ? <time dateTime={time}>{format.ago(time)}</time> : <span className="text-muted">{common("never")}</span>;
  return (
    <Table
      label={t("label")}
      head={
        <>
          <Th>{t("name")}</Th>
          <Th className="max-md:hidden">{t("account")}</Th>
          <Th>{t("received")}</Th>
          <Th className="max-sm:hidden">{t("tested")}</Th>
          <Th className="max-lg:hidden">{t("created")}</Th>
          <Th>{t("actions")}</Th>
        </>
      }
    >
      {connections.map(({ id, name, ...connection }) => (
        <Tr key={id}>
          <Td className="font-medium wrap-break-word">{name}</Td>
          <Td className="max-md:hidden">
            {connection.account ?? t("anyAccount")}
            {connection.workspace && <span className="block text-xs text-muted">{connection.workspace}</span>}
          </Td>
          <Td className="whitespace-nowrap">
            {ago(connection.last_received_at)}
            {connection.last_unreadable_at && (
              <span className="block text-xs text-warning">
                {t("unreadable", { ago: format.ago(connection.last_unreadable_at) })}
              </span>
            )}
          </Td>
          <Td className="whitespace-nowrap max-sm:hidden">{ago(connection.last_tested_at)}</Td>
          <Td className="whitespace-nowrap max-lg:hidden">{format.date(connection.created_at)}</Td>
          <Td>
            <ConfirmDialog
              trigger={<Trash2 aria-hidden="true" className="size-4.5" />}
              triggerLabel={t("remove.label", { name })}
              title={t("remove.title", { name })}
              confirm={t("remove.confirm")}
              action={deleteConnectionAction}
              fields={{ id }}
            >
              {t("remove.text")}
            </ConfirmDialog>
          </Td>
        </Tr>
      ))}
    </Table>
  );
}
