import { Menu } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import type { Theme } from "@/lib/base/theme";
import { Footer } from "./footer";
import { Logo } from "./logo";
import { Navigation } from "./navigation";
import { OfflineNotice } from "./offline-notice";
import { PageSketch } from "./page-sketch";
import { Shortcuts } from "./shortcuts";
import { UserMenu } from "./user-menu";

type AppShellProps = {
  email: string;
  isAdmin: boolean;
  theme: Theme;
  demo: boolean;
  /** Pages that this person may not see. */
  hidden: readonly string[];
  signOut: () => Promise<void>;
  children: ReactNode;
};

/**
 * What stands around every private page: beside it on a wide screen, above it on a narrow one, with the navigation behind a button. Each part is
 * there once, and the style sheet places it.
 */
export function AppShell({ email, isAdmin, theme, demo, hidden, signOut, children }: AppShellProps) {
  const t = useTranslations("common");
  return (
    <div className="lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-accent px-4 py-2 text-accent-ink focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {t("skip")}
      </a>
      <header className="sticky top-0 z-20 flex items-center gap-1 border-b border-line bg-surface px-3 py-1.5 lg:h-dvh lg:flex-col lg:items-stretch lg:gap-4 lg:border-r lg:border-b-0 lg:p-3 [@supports_not_selector(:popover-open)]:max-lg:flex-wrap">
        <button
          type="button"
          popoverTarget="navigation"
          aria-label={t("navigation.open")}
          className="grid size-10 place-items-center rounded-lg hover:bg-sunken lg:hidden"
        >
          <Menu aria-hidden="true" className="size-5" />
        </button>
        <Link href="/dashboard" className="flex min-h-10 items-center gap-2.5 rounded-lg px-1.5 font-semibold">
          <Logo />
          <span>{t("product")}</span>
        </Link>
        <Shortcuts hidden={hidden} />
        <Navigation id="navigation" hidden={hidden} />
        <UserMenu {...{ email, isAdmin, theme, signOut }} />
      </header>
      <div className="min-w-0">
        {demo && (
          <aside className="border-b border-info/30 bg-info-soft px-4 py-2 text-center text-sm">
            <strong className="font-semibold">{t("demo.title")}</strong> {t("demo.text")}
          </aside>
        )}
        <div className="mx-auto max-w-[88rem] px-4 pt-6 sm:px-6 lg:px-8">
          <div className="relative">
            <main id="content" tabIndex={-1} className="min-h-[70dvh] outline-none">
              {children}
            </main>
            <PageSketch />
          </div>
          <Footer />
          <OfflineNotice />
        </div>
      </div>
    </div>
  );
}
