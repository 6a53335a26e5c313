import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { pageViewer } from "@/lib/access/page-viewer";
import { readInstance } from "@/lib/admin/read-instance";
import { InstanceFacts } from "./instance-facts";
import { JobRuns } from "./job-runs";
import { SyncRuns } from "./sync-runs";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("admin"))("title") };
}

/** For the person who looks after the instance; to others there is no such page. */
export default async function AdminPage() {
  const viewer = await pageViewer("personal");
  if (!viewer.isAdmin) notFound();
  const [instance, t] = await Promise.all([readInstance(viewer), getTranslations("admin")]);
  return (
    <>
      <PageHeader title={t("title")} note={t("note")} />
      <div className="space-y-6">
        <Card title={t("facts.title")}>
          <InstanceFacts instance={instance} />
        </Card>
        <Card late title={t("sync.title")} note={t("sync.note")}>
          <SyncRuns runs={instance.sync_runs} />
        </Card>
        <Card late title={t("jobs.title")} note={t("jobs.note")}>
          <JobRuns runs={instance.job_runs} />
        </Card>
      </div>
    </>
  );
}
