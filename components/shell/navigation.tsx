import { BookOpen, ChartColumn, KeyRound, LayoutDashboard, Radio, SquareTerminal, UserRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { NavigationLink } from "./navigation-link";
import { PAGES } from "./pages";

const ICONS = {
  dashboard: LayoutDashboard,
  stats: ChartColumn,
  live: Radio,
  keys: KeyRound,
  tokens: SquareTerminal,
  docs: BookOpen,
  profile: UserRound,
} as const;

/** The way to every page. */
export function Navigation() {
  const t = useTranslations("common.navigation");
  return (
    <nav aria-label={t("label")}>
      <ul className="space-y-0.5">
        {PAGES.map(({ href, text }) => {
          const Icon = ICONS[text];
          return (
            <li key={href}>
              <NavigationLink href={href}>
                <Icon aria-hidden="true" className="size-4.5 shrink-0" />
                {t(text)}
              </NavigationLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
