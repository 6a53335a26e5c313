"use client";
import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { pagesWithout } from "./pages";

// What a press of keys opens need not be there before the press.
const CommandPalette = dynamic(() => import("./command-palette").then((module) => module.CommandPalette), {
  ssr: false,
});
const ShortcutHelp = dynamic(() => import("./shortcut-help").then((module) => module.ShortcutHelp), { ssr: false });

type Open = "palette" | "help" | null;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Listens for the shortcuts, and shows the button that opens the palette. */
export function Shortcuts({ hidden }: { hidden: readonly string[] }) {
  const t = useTranslations("common.commands");
  const router = useRouter();
  const [open, setOpen] = useState<Open>(null);
  const afterG = useRef(false);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen("palette");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "?") setOpen("help");
      const page = afterG.current && pagesWithout(hidden).find(({ key }) => key === event.key);
      if (page) router.push(page.href);
      afterG.current = event.key === "g";
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [router, hidden]);

  return (
    <>
      <button
        type="button"
        onClick={() => setOpen("palette")}
        aria-keyshortcuts="Control+K Meta+K"
        className="flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm text-muted hover:bg-sunken hover:text-ink max-lg:ml-auto max-lg:w-10 max-lg:justify-center max-lg:px-0"
      >
        <Search aria-hidden="true" className="size-4.5 shrink-0" />
        <span className="max-lg:sr-only">{t("open")}</span>
        <kbd className="ml-auto rounded border border-line px-1.5 font-sans text-xs max-lg:hidden">Ctrl K</kbd>
      </button>
      {open === "palette" && (
        <CommandPalette hidden={hidden} onClose={() => setOpen(null)} onHelp={() => setOpen("help")} />
      )}
      {open === "help" && <ShortcutHelp hidden={hidden} onClose={() => setOpen(null)} />}
    </>
  );
}
