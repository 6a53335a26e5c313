import type { ReactNode } from "react";
import { buttonLook } from "@/components/ui/button";
import { Dropdown } from "./dropdown";

type MenuButtonProps = { label: string; icon: ReactNode; className?: string; children: ReactNode };

/** A button that unfolds a small panel beneath it; the panel's right edge keeps to the button's where there is room. */
export function MenuButton({ label, icon, className = "", children }: MenuButtonProps) {
  return (
    <Dropdown
      label={label}
      className={`relative ${className}`}
      summaryClass={buttonLook("secondary")}
      summary={
        <>
          {icon}
          {label}
        </>
      }
    >
      <div className="absolute top-full z-20 mt-2 min-w-56 rounded-xl border border-line bg-surface p-1.5 shadow-lg sm:right-0">
        {children}
      </div>
    </Dropdown>
  );
}
