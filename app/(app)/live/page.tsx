import { Radio, Settings2 } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AutoSubmit } from "@/components/filters/auto-submit";
import { FilterForm } from "@/components/filters/filter-form";
import { LiveRequests } from "@/components/live/live-requests";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { SelectField } from "@/components/ui/select";
import { ClientMessages } from "@/i18n/client-messages";
import { pageViewer } from "@/lib/access/page-viewer";
import { LiveFilter } from "@/lib/broadcast/live";
import { listRecentRequests, readLiveState } from "@/lib/broadcast/recent";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("live");
  return { title: t("title") };
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function LivePage({ searchParams }: Props) {
  const viewer = await pageViewer("live.read");
  const { key_id: keyId } = LiveFilter.parse(await searchParams);
  const [requests, state, t] = await Promise.all([
    listRecentRequests(viewer, { key_id: keyId }),
    readLiveState(viewer),
    getTranslations("live"),
  ]);
  const options = state.keys.map(({ id, name }) => ({ value: String(id), label: name }));
  const isConnected = state.connections > 0;
  const setUp = (
    <ButtonLink href="/live/setup" variant={isConnected ? "secondary" : "primary"} icon={<SetUpIcon />}>
      {t("setUp")}
    </ButtonLink>
  );
  return (
    <ClientMessages of={["live"]}>
      <PageHeader title={t("title")} note={t("note")} actions={isConnected && setUp} />
      <div className="space-y-6">
        {state.unmatchedNames.length > 0 && (
          <Notice kind="warning" title={t("unmatched.title")}>
            {t("unmatched.text", { names: state.unmatchedNames.join(", ") })}
          </Notice>
        )}
        {isConnected || requests.length > 0 ? (
          <Card title={t("table.label")}>
            <FilterForm action="/live" className="mb-4 flex max-w-xs items-end gap-2">
              <AutoSubmit button={t("filter.apply")}>
                <SelectField
                  name="key_id"
                  label={t("filter.key")}
                  className="flex-1"
                  defaultValue={keyId === undefined ? "" : String(keyId)}
                  options={[{ value: "", label: t("filter.all") }, ...options]}
                />
              </AutoSubmit>
            </FilterForm>
            <LiveRequests key={keyId ?? "all"} initial={requests} keyId={keyId}>
              <EmptyState icon={<Radio aria-hidden="true" className="size-6" />} title={t("waiting.title")}>
                {t("waiting.text")}
              </EmptyState>
            </LiveRequests>
          </Card>
        ) : (
          <Card>
            <EmptyState icon={<Radio aria-hidden="true" className="size-6" />} title={t("empty.title")} actions={setUp}>
              {t("empty.text")}
            </EmptyState>
          </Card>
        )}
      </div>
    </ClientMessages>
  );
}

const SetUpIcon = () => <Settings2 aria-hidden="true" className="size-4" />;
