import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { Td, Tr } from "@/components/ui/table";
import { useFormat } from "@/i18n/use-format";
import { ABSENT } from "@/lib/base/format";
import type { LiveRequest } from "@/lib/broadcast/live";

/** One request. On a narrow screen its key and status stand under its model. */
export function RequestRow({ request, ofOneKey }: { request: LiveRequest; ofOneKey: boolean }) {
  const t = useTranslations("live.table");
  const format = useFormat();
  const { first_token_ms: firstToken } = request;
  return (
    <Tr>
      <Td className="min-w-22 sm:whitespace-nowrap">
        <time dateTime={request.started_at}>{format.second(request.started_at)}</time>
      </Td>
      <Td className="min-w-32 wrap-break-word">
        {request.model ?? ABSENT}
        <div className="mt-1 flex flex-wrap items-center gap-1.5 text-xs text-muted sm:hidden">
          {!ofOneKey && (request.key_name ?? ABSENT)} <Status request={request} />
        </div>
      </Td>
      <Td className={ofOneKey ? "max-2xl:hidden" : "max-lg:hidden"}>{request.provider ?? ABSENT}</Td>
      <Td numeric className="max-md:hidden">
        {format.count(request.tokens_input)}
      </Td>
      <Td numeric className="max-md:hidden">
        {format.count(request.tokens_output)}
      </Td>
      <Td numeric>{format.money(request.cost)}</Td>
      <Td
        numeric
        className="max-md:hidden"
        title={firstToken === null ? undefined : t("firstToken", { time: format.duration(firstToken) })}
      >
        {format.duration(request.latency_ms)}
      </Td>
      {!ofOneKey && (
        <Td className="max-sm:hidden">
          {request.key_name ?? ABSENT}
          {request.api_key_id === null && <span className="block text-xs text-muted">{t("unknownKey")}</span>}
        </Td>
      )}
      <Td className="max-sm:hidden">
        <Status request={request} />
      </Td>
    </Tr>
  );
}

function Status({ request: { is_error: isError, finish_reason: reason } }: { request: LiveRequest }) {
  const t = useTranslations("live.table");
  return (
    <Badge tone={isError ? "danger" : "success"} {...(reason && { title: t("reason", { reason }) })}>
      {t(isError ? "failed" : "done")}
    </Badge>
  );
}
