"use client";
import { usePathname } from "next/navigation";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";

type DropdownProps = {
  summary: ReactNode;
  label: string;
  summaryClass?: string;
  className?: string;
  children: ReactNode;
};

/** A disclosure that opens without script; with it, it closes on Escape, on a press elsewhere and after a navigation. */
export function Dropdown({ summary, label, summaryClass = "", className = "", children }: DropdownProps) {
  const details = useRef<HTMLDetailsElement>(null);
  const path = usePathname();

  // Only a new path closes it: what was opened before the script came stays open when it does.
  const shownOn = useRef(path);
  useEffect(() => {
    if (details.current && shownOn.current !== path) details.current.open = false;
    shownOn.current = path;
  }, [path]);

  useEffect(() => {
    const closeOutside = (event: PointerEvent) => {
      if (details.current && !details.current.contains(event.target as Node)) details.current.open = false;
    };
    document.addEventListener("pointerdown", closeOutside);
    return () => document.removeEventListener("pointerdown", closeOutside);
  }, []);

  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !details.current?.open) return;
    details.current.open = false;
    details.current.querySelector("summary")?.focus();
  };

  return (
    <details ref={details} className={className} onKeyDown={closeOnEscape}>
      <summary aria-label={label} className={`list-none ${summaryClass}`}>
        {summary}
      </summary>
      {children}
    </details>
  );
}
