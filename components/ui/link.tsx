"use client";
import NextLink, { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import { type ComponentProps, useState } from "react";
import { NavigationPending } from "./navigation-pending";

type LinkProps = Omit<ComponentProps<typeof NextLink>, "href" | "prefetch" | "scroll"> & {
  /** A path, or `?…` for another view of the page that is open. */
  href: string;
  /**
   * Fetches the page once the link is pointed at or focused. Fetching every page in view would cost the server a
   * rendering each.
   */
  prefetchOnHover?: boolean;
};

/**
 * A link within the application. Another view of the open page stays scrolled as it was; other pages, and `rel` prev
 * and next, begin at the top.
 */
export function Link({ href, prefetchOnHover = false, children, ...rest }: LinkProps) {
  const path = usePathname();
  const [isNear, setNear] = useState(false);
  const isView = href.startsWith("?") || href.split("?", 1)[0] === path;
  const approach = prefetchOnHover ? () => setNear(true) : undefined;
  return (
    <NextLink
      {...rest}
      href={href}
      prefetch={isNear ? null : false}
      scroll={!isView || rest.rel !== undefined}
      onNavigate={closeMenu}
      onMouseEnter={approach}
      onFocus={approach}
    >
      {children}
      <LinkPending to={isView ? "view" : "page"} />
    </NextLink>
  );
}

/** `useLinkStatus` answers only below the link. */
function LinkPending({ to }: { to: "page" | "view" }) {
  return useLinkStatus().pending && <NavigationPending to={to} />;
}

/**
 * The navigation of a narrow screen has done its work. Browsers before 2024 know no popovers: they show it as part of
 * the page.
 */
function closeMenu(): void {
  if ("popover" in HTMLElement.prototype) document.querySelector<HTMLElement>(":popover-open")?.hidePopover();
}
