import { useTranslations } from "next-intl";
import { Table, Th } from "@/components/ui/table";
import type { LiveRequest } from "@/lib/broadcast/live";
import { RequestRow } from "./request-row";

type RequestTableProps = { requests: LiveRequest[]; ofOneKey?: boolean };

/** Single requests, one a row; those of one key without its name, and in less room. */
export function RequestTable({ requests, ofOneKey = false }: RequestTableProps) {
  const t = useTranslations("live.table");
  return (
    <Table
      label={t("label")}
      head={
        <>
          <Th>{t("time")}</Th>
          <Th>{t("model")}</Th>
          <Th className={ofOneKey ? "max-2xl:hidden" : "max-lg:hidden"}>{t("provider")}</Th>
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
          {!ofOneKey && <Th className="max-sm:hidden">{t("key")}</Th>}
          <Th className="max-sm:hidden">{t("status")}</Th>
        </>
      }
    >
      {requests.map((request) => (
        <RequestRow key={request.id} request={request} ofOneKey={ofOneKey} />
      ))}
    </Table>
  );
}
