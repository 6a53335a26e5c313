"use client";
import { Monitor, Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { setAppearanceAction } from "@/app/appearance";
import { THEMES, type Theme } from "@/lib/base/theme";

const ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

/** Three buttons of one form: each posts its theme, and with script changes the page at once. */
export function ThemeSwitch({ theme }: { theme: Theme }) {
  const t = useTranslations("common.theme");
  const [current, setCurrent] = useState(theme);

  const applyAtOnce = (event: FormEvent<HTMLFormElement>) => {
    const button = (event.nativeEvent as SubmitEvent).submitter;
    const chosen = THEMES.find((known) => button instanceof HTMLButtonElement && button.value === known);
    if (!chosen) return;
    setCurrent(chosen);
    if (chosen === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
  };

  return (
    <form action={setAppearanceAction} onSubmit={applyAtOnce}>
      <fieldset className="flex rounded-lg bg-sunken p-0.5">
        <legend className="sr-only">{t("label")}</legend>
        {THEMES.map((name) => {
          const Icon = ICONS[name];
          return (
            <button
              key={name}
              name="theme"
              value={name}
              type="submit"
              aria-pressed={current === name}
              title={t(name)}
              className="grid min-h-8 flex-1 place-items-center rounded-md px-2 text-muted hover:text-ink aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:shadow-sm"
            >
              <Icon aria-hidden="true" className="size-4" />
              <span className="sr-only">{t(name)}</span>
            </button>
          );
        })}
      </fieldset>
    </form>
  );
}
