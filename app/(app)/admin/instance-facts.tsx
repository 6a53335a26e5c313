import { useTranslations } from "next-intl";
import { useFormat } from "@/i18n/use-format";
import type { Instance } from "@/lib/admin/read-instance";

const MEGABYTE = 1024 * 1024;

export function InstanceFacts({ instance }: { instance: Instance }) {
  const t = useTranslations("admin.facts");
  const format = useFormat();
  const { version, scheduler, jobs, database, queue, metrics } = instance;
  const facts = [
    [t("version"), version],
    [t("scheduler"), t(scheduler)],
    [t("jobs"), jobs.map(({ name, cron }) => `${name} (${cron})`).join(", ")],
    [
      t("queue"),
      queue.since === null
        ? t("queueEmpty")
        : t("queueWaiting", { runs: queue.runs, keys: queue.keys, since: format.ago(queue.since) }),
    ],
    [t("leases"), format.count(queue.leases)],
    [t("size"), t("megabytes", { size: format.average(database.bytes / MEGABYTE) })],
    [t("postgres"), database.version],
    [t("connections"), format.count(database.connections)],
    [t("metricsNew"), metrics.unknown.join(", ") || t("none")],
    [t("metricsGone"), metrics.gone.join(", ") || t("none")],
  ] as const;
  return (
    <dl className="grid gap-x-8 gap-y-4 text-sm sm:grid-cols-2 lg:grid-cols-4">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-muted">{name}</dt>
          <dd className="mt-0.5 font-medium wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
