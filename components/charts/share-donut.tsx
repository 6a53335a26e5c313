"use client";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { Skeleton } from "@/components/ui/skeleton";
import type { Slice } from "./tremor-donut";

const TremorDonut = dynamic(() => import("./tremor-donut").then((module) => module.TremorDonut), {
  ssr: false,
  loading: () => <Skeleton className="mx-auto size-44 rounded-full" />,
});

/** The shares as a ring to look at and to press; the list beside it says the same in words. */
export function ShareDonut({ slices, hrefs }: { slices: Slice[]; hrefs: Record<string, string> }) {
  const router = useRouter();
  return (
    <div aria-hidden="true" className="mb-5 h-44 print:hidden">
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
