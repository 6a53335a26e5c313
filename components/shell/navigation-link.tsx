"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useState } from "react";
import { PendingMark } from "./pending-mark";

/** A link that knows whether its page is open. It is fetched ahead once it is pointed at: fetching every page ahead costs the server a rendering each. */
export function NavigationLink({ href, children }: { href: string; children: ReactNode }) {
  const path = usePathname();
  const [isWanted, setWanted] = useState(false);
  const current = path === href || path.startsWith(`${href}/`);
  const want = () => setWanted(true);
  return (
    <Link
      href={href}
      prefetch={isWanted ? null : false}
      onMouseEnter={want}
      onFocus={want}
      aria-current={current ? "page" : undefined}
      className="flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm font-medium text-muted hover:bg-sunken hover:text-ink aria-[current]:bg-accent-soft aria-[current]:text-accent"
    >
      {children}
      <PendingMark of="page" />
    </Link>
  );
}
