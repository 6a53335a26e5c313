import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { isMailOn } from "@/lib/mail/send-mail";
import { ForgotForm } from "./forgot-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth"))("forgot.title") };
}

export default async function ForgotPasswordPage() {
  const t = await getTranslations("auth.forgot");
  return (
    <div className="space-y-5">
      <h1 className="text-xl font-semibold">{t("title")}</h1>
      <p className="text-sm text-muted">{t("text")}</p>
      {!isMailOn() && (
        <Notice kind="warning" dismissible={false}>
          {t("off")}
        </Notice>
      )}
      <ForgotForm />
      <Link href="/login" className="text-sm text-accent underline underline-offset-2">
        {t("back")}
      </Link>
    </div>
  );
}
