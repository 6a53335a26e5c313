import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Notice } from "@/components/ui/notice";
import { ResetForm } from "./reset-form";

export async function generateMetadata(): Promise<Metadata> {
  // The address holds the link's secret: no other site may learn it from a Referer.
  return { title: (await getTranslations("auth"))("reset.title"), referrer: "no-referrer" };
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ResetPasswordPage({ searchParams }: Props) {
  const t = await getTranslations("auth.reset");
  const { token } = await searchParams;
  return (
    <div className="space-y-5">
      <h1 className="text-xl font-semibold">{t("title")}</h1>
      <p className="text-sm text-muted">{t("note")}</p>
      {typeof token === "string" ? (
        <ResetForm token={token} />
      ) : (
        <Notice kind="error" dismissible={false}>
          {t("missing")}
        </Notice>
      )}
    </div>
  );
}
