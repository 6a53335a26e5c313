import { CircleUser, LogOut, ScrollText, Server, UserRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { Link } from "@/components/ui/link";
import type { Theme } from "@/lib/base/theme";
import { Dropdown } from "./dropdown";
import { ThemeSwitch } from "./theme-switch";

type UserMenuProps = { email: string; isAdmin: boolean; theme: Theme; signOut: () => Promise<void> };

const ITEM = "flex min-h-10 w-full items-center gap-3 rounded-lg px-3 text-sm hover:bg-sunken";

/** What concerns the person alone. It unfolds to where there is room: down on a narrow screen, up on a wide one. */
export function UserMenu({ email, isAdmin, theme, signOut }: UserMenuProps) {
  const t = useTranslations("common.menu");
  return (
    <Dropdown
      label={t("label", { email })}
      className="relative min-w-0 lg:mt-auto"
      summaryClass="flex min-h-10 items-center gap-2.5 rounded-lg px-2.5 text-sm hover:bg-sunken"
      summary={
        <>
          <CircleUser aria-hidden="true" className="size-5 shrink-0 text-muted" />
          <span className="truncate max-sm:hidden">{email}</span>
        </>
      }
    >
      <div className="absolute z-30 w-60 rounded-xl border border-line bg-surface p-1.5 shadow-lg max-lg:top-full max-lg:right-0 max-lg:mt-2 lg:bottom-full lg:left-0 lg:mb-2">
        <div className="p-1.5">
          <ThemeSwitch theme={theme} />
        </div>
        <Link href="/profile" className={ITEM}>
          <UserRound aria-hidden="true" className="size-4.5 text-muted" />
          {t("profile")}
        </Link>
        <Link href="/audit" className={ITEM}>
          <ScrollText aria-hidden="true" className="size-4.5 text-muted" />
          {t("audit")}
        </Link>
        {isAdmin && (
          <Link href="/admin" className={ITEM}>
            <Server aria-hidden="true" className="size-4.5 text-muted" />
            {t("instance")}
          </Link>
        )}
        <form action={signOut}>
          <button type="submit" className={ITEM}>
            <LogOut aria-hidden="true" className="size-4.5 text-muted" />
            {t("signOut")}
          </button>
        </form>
      </div>
    </Dropdown>
  );
}
