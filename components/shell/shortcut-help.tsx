"use client";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { Dialog } from "@/components/ui/dialog";
import { openDialog } from "@/components/ui/open-dialog";
import { pagesWithout } from "./pages";

const ID = "shortcut-help";
const KEY = "rounded border border-line-strong bg-sunken px-1.5 py-0.5 font-sans text-xs";

/** The list of shortcuts. */
export function ShortcutHelp({ hidden, onClose }: { hidden: readonly string[]; onClose: () => void }) {
  const t = useTranslations("common");
  useEffect(() => openDialog(ID), []);
  const lines: [string[], string][] = [
    [["Ctrl/⌘", "K"], t("commands.open")],
    [["?"], t("commands.help")],
    ...pagesWithout(hidden).map(({ key, text }): [string[], string] => [["g", key], t(`navigation.${text}`)]),
    [["←", "→"], t("commands.walk")],
    [["Esc"], t("close")],
  ];
  return (
    <Dialog id={ID} title={t("commands.help")} onClose={onClose}>
      <dl className="space-y-2 text-sm">
        {lines.map(([keys, text]) => (
          <div key={text} className="flex items-center justify-between gap-4">
            <dt>{text}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className={KEY}>
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
