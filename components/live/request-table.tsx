import { useTranslations } from "next-intl";
import { Table, Th } from "@/components/ui/table";
import type { LiveRequest } from "@/lib/broadcast/live";
import { RequestRow } from "./request-row";

/** Single requests, one a row. */
export function RequestTable({ requests }: { requests: LiveRequest[] }) {
  const t = useTranslations("live.table");
  return (
    <Table
      label={t("label")}
      head={
        <>
          <Th>{t("time")}</Th>
          <Th>{t("model")}</Th>
          <Th className="max-lg:hidden">{t("provider")}</Th>
          <Th numeric className="max-md:hidden">
            {t("input")}
          </Th>
          <Th numeric className="max-md:hidden">
            {t("output")}
          </Th>
          <Th numeric>{t("cost")}</Th>
          <Th numeric className="max-md:hidden">
            {t("latency")}
          </Th>
          <Th className="max-sm:hidden">{t("key")}</Th>
          <Th className="max-sm:hidden">{t("status")}</Th>
        </>
      }
    >
      {requests.map((request) => (
        <RequestRow key={request.id} request={request} />
      ))}
    </Table>
  );
}
