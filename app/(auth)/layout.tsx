import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { LanguageSwitch } from "@/components/shell/language-switch";
import { Logo } from "@/components/shell/logo";
import { ClientMessages } from "@/i18n/client-messages";

export default async function AuthLayout({ children }: { children: ReactNode }) {
  const t = await getTranslations("common");
  return (
    <ClientMessages of={["auth"]}>
      <div className="mx-auto flex min-h-dvh max-w-md flex-col gap-6 px-4 pt-[min(12vh,8rem)] pb-8">
        <header className="flex items-center gap-3">
          <Logo />
          <div>
            <p className="font-semibold">{t("product")}</p>
            <p className="text-sm text-muted">{t("tagline")}</p>
          </div>
        </header>
        <main className="rounded-2xl border border-line bg-surface p-5 sm:p-6">{children}</main>
        <footer>
          <LanguageSwitch />
        </footer>
      </div>
    </ClientMessages>
  );
}
