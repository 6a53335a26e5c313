"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { listPlaces, type Place } from "@/app/(app)/command-actions";
import { inputLook } from "@/components/ui/field";
import { pagesWithout } from "./pages";

type Command = { label: string; note: string; run: () => void };
type CommandPaletteProps = { hidden: readonly string[]; onClose: () => void; onHelp: () => void };

const MOST = 12;

/** Type a few letters, press Enter. */
export function CommandPalette({ hidden, onClose, onHelp }: CommandPaletteProps) {
  const t = useTranslations("common");
  const router = useRouter();
  const listId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const [place, setPlace] = useState(0);
  const places = usePlaces();

  useEffect(() => dialog.current?.showModal(), []);

  const goTo = (href: string) => () => router.push(href);
  const commands: Command[] = [
    ...pagesWithout(hidden).map((page) => ({
      label: t(`navigation.${page.text}`),
      note: t("commands.page"),
      run: goTo(page.href),
    })),
    ...places.map(({ href, label, kind }) => ({ label, note: t(`commands.${kind}`), run: goTo(href) })),
    { label: t("commands.help"), note: "?", run: onHelp },
  ];
  const found = commands.filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase())).slice(0, MOST);

  const choose = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") choose(found[place]);
    if (step === undefined) return;
    event.preventDefault();
    setPlace((found.length + place + step) % Math.max(1, found.length));
  };

  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      {...{ closedby: "any" }}
      aria-label={t("commands.open")}
      className="mx-auto mt-[12vh] w-[calc(100%-2rem)] max-w-lg rounded-2xl border border-line bg-surface p-3 text-ink shadow-xl backdrop:bg-black/50"
    >
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[place] && `${listId}-${place}`}
        aria-label={t("commands.open")}
        placeholder={t("commands.placeholder")}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setPlace(0);
        }}
        onKeyDown={press}
        className={inputLook}
      />
      <div id={listId} role="listbox" aria-label={t("commands.open")} className="mt-2 max-h-80 overflow-y-auto">
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus and names the active option
          // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the input does it
          <div
            key={`${command.note} ${command.label}`}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === place}
            onClick={() => choose(command)}
            onPointerMove={() => setPlace(index)}
            className="flex min-h-10 cursor-pointer items-center justify-between gap-4 rounded-lg px-3 text-sm aria-selected:bg-accent-soft aria-selected:text-accent"
          >
            <span className="truncate">{command.label}</span>
            <span className="text-xs">{command.note}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="px-3 py-4 text-sm text-muted">{t("commands.nothing")}</p>}
    </dialog>
  );
}

function usePlaces(): Place[] {
  const [places, setPlaces] = useState<Place[]>([]);
  useEffect(() => {
    let gone = false;
    void listPlaces()
      .then((found) => gone || setPlaces(found))
      // The pages themselves can still be reached.
      .catch(() => undefined);
    return () => {
      gone = true;
    };
  }, []);
  return places;
}
