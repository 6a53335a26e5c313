import { SquareTerminal } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";
import { CodeLine } from "@/components/ui/code-line";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { ClientMessages } from "@/i18n/client-messages";
import { pageViewer } from "@/lib/access/page-viewer";
import { pageOrigin } from "@/lib/base/origin";
import { SCOPES } from "@/lib/tokens/schema";
import { listTokens } from "@/lib/tokens/tokens";
import { CreateToken } from "./create-token";
import { TokenTable } from "./token-table";

const MOST_TOKENS = 200;
const LIFETIMES = [30, 90, 365];

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("tokens");
  return { title: t("title") };
}

export default async function TokensPage() {
  const viewer = await pageViewer("tokens.read");
  const [{ items: tokens }, t, origin] = await Promise.all([
    listTokens(viewer, { page: 1, limit: MOST_TOKENS }),
    getTranslations("tokens"),
    pageOrigin(),
  ]);
  return (
    <ClientMessages of={["tokens"]}>
      <PageHeader title={t("title")} note={t("note")} />
      <div className="space-y-6">
        <Card title={t("create.title")}>
          <CreateToken
            origin={origin}
            scopes={SCOPES}
            lifetimes={LIFETIMES.map((days) => ({ value: String(days), label: t("create.days", { days }) }))}
          />
        </Card>
        <Card late title={t("table.label")}>
          {tokens.length > 0 ? (
            <TokenTable tokens={tokens} origin={origin} />
          ) : (
            <EmptyState icon={<SquareTerminal aria-hidden="true" className="size-6" />} title={t("empty.title")}>
              {t("empty.text")}
            </EmptyState>
          )}
        </Card>
        <Card late title={t("use.title")} note={t("use.text")}>
          <CodeLine
            copyLabel={t("shown.copyCurl")}
            text={`export TOKEN=or_api_…\ncurl -H "Authorization: Bearer $TOKEN" "${origin}/api/v1/stats"`}
          />
          <p className="mt-3 text-sm text-muted">
            {t.rich("use.more", {
              link: (text) => (
                <Link href="/docs" className="text-accent underline underline-offset-2">
                  {text}
                </Link>
              ),
            })}
          </p>
        </Card>
      </div>
    </ClientMessages>
  );
}
