"use client";
import { type ComponentType, type ReactNode, useEffect, useRef, useState } from "react";
import type { Slice, TremorDonutProps } from "./tremor-donut";

type LateDonutProps = { slices: Slice[]; children: ReactNode };

/**
 * The ring from the server, and over it Tremor's, which names the part under the mouse. That one is fetched where there is a mouse, once the ring is
 * in sight and nothing else is to do; where it does not come, nothing is missing.
 */
export function LateDonut({ slices, children }: LateDonutProps) {
  const box = useRef<HTMLDivElement>(null);
  const Donut = useDonut(box);
  const choose = (name: string) =>
    box.current
      ?.querySelector(`[data-slice="${CSS.escape(name)}"]`)
      ?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  return (
    <div ref={box} aria-hidden="true" className="relative mb-5 h-44 print:hidden">
      {children}
      {Donut && (
        <div className="absolute inset-0">
          <Donut slices={slices} onChoose={choose} />
        </div>
      )}
    </div>
  );
}

/** Tremor's donut, when it is wanted and there. */
function useDonut(box: { current: HTMLElement | null }): ComponentType<TremorDonutProps> | null {
  const [donut, setDonut] = useState<{ Donut: ComponentType<TremorDonutProps> } | null>(null);
  useEffect(() => {
    if (!box.current || !matchMedia("(hover: hover)").matches) return;
    const fetchDonut = () =>
      import("./tremor-donut").then(
        ({ TremorDonut }) => setDonut({ Donut: TremorDonut }),
        () => undefined,
      );
    const whenIdle = window.requestIdleCallback ?? setTimeout;
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      whenIdle(fetchDonut);
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  return donut?.Donut ?? null;
}
