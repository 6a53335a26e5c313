"use client";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { Skeleton } from "@/components/ui/skeleton";
import type { Slice } from "./tremor-donut";

// Where the chunk does not come, the list says it all: no reason to lose the page.
const load = () =>
  import("./tremor-donut").then(
    (module) => module.TremorDonut,
    () => () => null,
  );

const TremorDonut = dynamic(load, {
  ssr: false,
  loading: () => <Skeleton className="mx-auto size-44 rounded-full" />,
});

/** The shares as a ring to look at and to press; the list beside it says the same in words. */
export function ShareDonut({ slices, hrefs }: { slices: Slice[]; hrefs: Record<string, string> }) {
  const router = useRouter();
  const box = useUnfocusable();
  return (
    <div ref={box} aria-hidden="true" className="mb-5 h-44 print:hidden">
      <TremorDonut
        slices={slices}
        onChoose={(name) => {
          const href = hrefs[name];
          if (href) router.push(href, { scroll: false });
        }}
      />
    </div>
  );
}

/** Recharts makes its ring a stop of the Tab key; what is hidden from screen readers must not be one. */
function useUnfocusable() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const unfocus = () => {
      for (const stop of element.querySelectorAll('[tabindex="0"]')) stop.setAttribute("tabindex", "-1");
    };
    unfocus();
    const observer = new MutationObserver(unfocus);
    observer.observe(element, { subtree: true, childList: true });
    return () => observer.disconnect();
  }, []);
  return box;
}
