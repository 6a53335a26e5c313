"use client";
import { usePathname, useRouter } from "next/navigation";
import type { ReactNode } from "react";

/** A link that knows whether its page is open. It is fetched ahead once it is pointed at: fetching every page ahead costs the server a rendering each. */
export function NavigationLink({ href, children }: { href: string; children: ReactNode }) {
  const path = usePathname();
  const router = useRouter();
  const current = path === href || path.startsWith(`${href}/`);
  const fetchAhead = () => router.prefetch(href);
  return (
    <a
      href={href}
      onMouseEnter={fetchAhead}
      onFocus={fetchAhead}
      aria-current={current ? "page" : undefined}
      className="flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm font-medium text-muted hover:bg-sunken hover:text-ink aria-[current]:bg-accent-soft aria-[current]:text-accent"
    >
      {children}
    </a>
  );
}
