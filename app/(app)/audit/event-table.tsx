import { useTranslations } from "next-intl";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useFormat } from "@/i18n/use-format";
import type { AuditEventView } from "@/lib/audit/schema";
import { useActionName } from "./use-action-name";
import { useDetail } from "./use-detail";
import { useObjectName } from "./use-object-name";

export function EventTable({ events, userId }: { events: AuditEventView[]; userId: number }) {
  const t = useTranslations("audit");
  const format = useFormat();
  const nameOf = useActionName();
  const objectOf = useObjectName();
  const detailOf = useDetail();
  const who = (event: AuditEventView): string => {
    if (event.user_id === userId) return t("you");
    if (event.user_id !== null) return event.user_email ?? t("user", { id: event.user_id });
    return event.token_id === null ? t("nobody") : t("token", { id: event.token_id });
  };
  return (
    <Table
      stacked
      label={t("label")}
      head={
        <>
          <Th>{t("when")}</Th>
          <Th>{t("who")}</Th>
          <Th>{t("what")}</Th>
          <Th>{t("object")}</Th>
          <Th className="max-md:hidden">{t("address")}</Th>
        </>
      }
    >
      {events.map((event) => (
        <Tr key={event.id}>
          <Td className="whitespace-nowrap">
            <time dateTime={event.at}>{format.dateTime(event.at)}</time>
          </Td>
          <Td className="wrap-anywhere">{who(event)}</Td>
          <Td wide title={event.action}>
            {nameOf(event.action)}
          </Td>
          <Td wide className="wrap-anywhere">
            {objectOf(event)}
            {event.detail && <span className="block text-xs text-muted">{detailOf(event.detail)}</span>}
          </Td>
          <Td className="figures max-md:hidden">{event.ip}</Td>
        </Tr>
      ))}
    </Table>
  );
}
