"use client";
import { BookOpen, ChartColumn, KeyRound, LayoutDashboard, Radio, SquareTerminal, UserRound } from "lucide-react";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Link } from "@/components/ui/link";
import { pagesWithout } from "./pages";

const ICONS = {
  dashboard: LayoutDashboard,
  stats: ChartColumn,
  live: Radio,
  keys: KeyRound,
  tokens: SquareTerminal,
  docs: BookOpen,
  profile: UserRound,
} as const;

/** The way to every page: always open on a wide screen, and on a narrow one by a button that has this as its target. */
export function Navigation({ id, hidden }: { id: string; hidden: readonly string[] }) {
  const t = useTranslations("common.navigation");
  const path = usePathname();
  return (
    <nav
      id={id}
      popover="auto"
      aria-label={t("label")}
      className="inset-auto w-full bg-surface text-ink max-lg:top-13.25 max-lg:order-last max-lg:border-b max-lg:p-3 max-lg:shadow-lg lg:static lg:block lg:overflow-visible"
    >
      <ul className="space-y-0.5">
        {pagesWithout(hidden).map(({ href, text }) => {
          const Icon = ICONS[text];
          return (
            <li key={href}>
              <Link
                href={href}
                prefetchOnHover
                aria-current={path === href || path.startsWith(`${href}/`) ? "page" : undefined}
                className="flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm font-medium text-muted hover:bg-sunken hover:text-ink aria-[current]:bg-accent-soft aria-[current]:text-accent"
              >
                <Icon aria-hidden="true" className="size-4.5 shrink-0" />
                {t(text)}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
