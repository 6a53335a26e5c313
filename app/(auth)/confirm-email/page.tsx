import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Link } from "@/components/ui/link";
import { ConfirmForm } from "./confirm-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth"))("confirmEmail.title"), referrer: "no-referrer" };
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ConfirmEmailPage({ searchParams }: Props) {
  const t = await getTranslations("auth.confirmEmail");
  const { token } = await searchParams;
  return (
    <div className="space-y-5">
      <h1 className="text-xl font-semibold">{t("title")}</h1>
      <p className="text-sm text-muted">{t("text")}</p>
      <ConfirmForm token={typeof token === "string" ? token : ""} />
      <Link href="/" className="text-sm text-accent underline underline-offset-2">
        {t("continue")}
      </Link>
    </div>
  );
}
