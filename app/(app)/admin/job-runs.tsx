import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useFormat } from "@/i18n/use-format";
import type { Instance } from "@/lib/admin/read-instance";
import { TONES } from "./tones";

/** The latest planned moments of background jobs, and what came of them. */
export function JobRuns({ runs }: { runs: Instance["job_runs"] }) {
  const t = useTranslations("admin");
  const format = useFormat();
  if (runs.length === 0) return <p className="text-sm text-muted">{t("empty")}</p>;
  return (
    <Table
      stacked
      label={t("jobs.title")}
      head={
        <>
          <Th>{t("when")}</Th>
          <Th>{t("jobs.job")}</Th>
          <Th>{t("status")}</Th>
          <Th numeric>{t("duration")}</Th>
          <Th>{t("jobs.detail")}</Th>
        </>
      }
    >
      {runs.map((run) => (
        <Tr key={run.id}>
          <Td className="whitespace-nowrap">
            <time dateTime={run.scheduled_for}>{format.second(run.scheduled_for)}</time>
          </Td>
          <Td className="whitespace-nowrap">{run.job}</Td>
          <Td>
            <Badge tone={TONES[run.status]}>{t(`statuses.${run.status}`)}</Badge>
          </Td>
          <Td numeric label={t("duration")}>
            {format.duration(run.duration_ms)}
          </Td>
          <Td wide className="wrap-anywhere">
            {run.detail}
          </Td>
        </Tr>
      ))}
    </Table>
  );
}
