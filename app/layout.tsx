import type { Metadata, Viewport } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { ClientMessages } from "@/i18n/client-messages";
import { pageTheme } from "@/lib/auth/page-theme";
import { inter } from "./font";
import "./globals.css";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common");
  return {
    title: { template: `%s · ${t("product")}`, default: t("product") },
    description: t("tagline"),
    applicationName: t("product"),
    icons: { icon: "/icon.svg" },
  };
}

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f6f7f9" },
    { media: "(prefers-color-scheme: dark)", color: "#0c0e13" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = await pageTheme();
  return (
    <html lang={await getLocale()} className={inter.variable} data-theme={theme === "system" ? undefined : theme}>
      <body className="min-h-dvh">
        <ClientMessages>{children}</ClientMessages>
      </body>
    </html>
  );
}
