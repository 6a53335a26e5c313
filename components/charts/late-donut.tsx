"use client";
import { useRouter } from "next/navigation";
import { type ComponentType, type MouseEvent, type ReactNode, useEffect, useRef, useState, useTransition } from "react";
import type { Slice, TremorDonutProps } from "./tremor-donut";

type LateDonutProps = { slices: Slice[]; children: ReactNode };

/**
 * The ring from the server, and over it Tremor's, which names the part under the mouse. That one is fetched where there is a mouse, once the ring is
 * in sight and nothing else is to do; where it does not come, nothing is missing.
 */
export function LateDonut({ slices, children }: LateDonutProps) {
  const box = useRef<HTMLDivElement>(null);
  const Donut = useDonut(box);
  const router = useRouter();
  const [pending, start] = useTransition();
  const go = (link: Element | null | undefined) => {
    const href = link?.getAttribute("href");
    if (href) start(() => router.push(href, { scroll: false }));
  };
  const choose = (name: string) => go(box.current?.querySelector(`[data-slice="${CSS.escape(name)}"]`));
  const press = (event: MouseEvent) => {
    const link = (event.target as Element).closest("a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link);
  };
  return (
    <div
      ref={box}
      aria-hidden="true"
      onClick={press}
      data-pending={pending ? "part" : undefined}
      className="relative mb-5 h-44 print:hidden"
    >
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
