import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { maybePageViewer } from "@/lib/access/page-viewer";
import { isRegistrationOpen } from "@/lib/users/create-account";
import { RegisterForm } from "./register-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth"))("register.title") };
}

export default async function RegisterPage() {
  if (await maybePageViewer()) redirect("/dashboard");
  const t = await getTranslations("auth.register");
  return (
    <div className="space-y-5">
      <h1 className="text-xl font-semibold">{t("title")}</h1>
      {(await isRegistrationOpen()) ? (
        <RegisterForm />
      ) : (
        <Notice kind="warning" dismissible={false}>
          {t("closed")}
        </Notice>
      )}
      <p className="text-sm">
        {t("have")}{" "}
        <Link href="/login" className="text-accent underline underline-offset-2">
          {t("signIn")}
        </Link>
      </p>
    </div>
  );
}
