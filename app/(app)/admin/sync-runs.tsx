import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useFormat } from "@/i18n/use-format";
import { useSentence } from "@/i18n/use-sentence";
import type { Instance } from "@/lib/admin/read-instance";
import { TONES } from "./tones";

/** The latest syncs of all teams. */
export function SyncRuns({ runs }: { runs: Instance["sync_runs"] }) {
  const t = useTranslations("admin");
  const format = useFormat();
  const sentence = useSentence();
  if (runs.length === 0) return <p className="text-sm text-muted">{t("empty")}</p>;
  return (
    <Table
      stacked
      label={t("sync.title")}
      head={
        <>
          <Th>{t("when")}</Th>
          <Th>{t("sync.team")}</Th>
          <Th>{t("status")}</Th>
          <Th numeric>{t("duration")}</Th>
          <Th numeric>{t("sync.keys")}</Th>
          <Th>{t("error")}</Th>
        </>
      }
    >
      {runs.map((run) => (
        <Tr key={run.id}>
          <Td className="whitespace-nowrap">
            <time dateTime={run.created_at}>{format.second(run.created_at)}</time>
          </Td>
          <Td className="wrap-anywhere">
            {run.team}
            {run.owner && <span className="block text-xs text-muted">{run.owner}</span>}
          </Td>
          <Td>
            <Badge tone={TONES[run.status]}>{t(`statuses.${run.status}`)}</Badge>
          </Td>
          <Td numeric label={t("duration")}>
            {format.duration(run.duration_ms)}
          </Td>
          <Td numeric label={t("sync.keys")}>
            {run.failed_keys > 0 ? t("sync.failed", { failed: run.failed_keys, keys: run.keys }) : run.keys}
          </Td>
          <Td wide className="wrap-anywhere">
            {run.error && sentence(run.error)}
          </Td>
        </Tr>
      ))}
    </Table>
  );
}
