import { BookOpen, ChartColumn, KeyRound, LayoutDashboard, Radio, SquareTerminal } from "lucide-react";
import { useTranslations } from "next-intl";
import { NavigationLink } from "./navigation-link";

export const PAGES = [
  { href: "/dashboard", text: "dashboard", Icon: LayoutDashboard },
  { href: "/stats", text: "stats", Icon: ChartColumn },
  { href: "/live", text: "live", Icon: Radio },
  { href: "/keys", text: "keys", Icon: KeyRound },
  { href: "/tokens", text: "tokens", Icon: SquareTerminal },
  { href: "/docs", text: "docs", Icon: BookOpen },
] as const;

/** The way to every page. */
export function Navigation() {
  const t = useTranslations("common.navigation");
  return (
    <nav aria-label={t("label")}>
      <ul className="space-y-0.5">
        {PAGES.map(({ href, text, Icon }) => (
          <li key={href}>
            <NavigationLink href={href}>
              <Icon aria-hidden="true" className="size-4.5 shrink-0" />
              {t(text)}
            </NavigationLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
