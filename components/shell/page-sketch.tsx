import { Skeleton } from "@/components/ui/skeleton";

/** A page in grey, over the present one while another is on its way; shown by the style sheet when that takes long enough to be noticed. */
export function PageSketch() {
  return (
    <div data-sketch="" aria-hidden="true" className="absolute inset-0 bg-canvas">
      <div className="sticky top-6 space-y-6">
        <Skeleton className="h-9 w-56" />
        <div className="grid grid-cols-2 gap-4 md:grid-cols-3">
          <Skeleton className="h-26" />
          <Skeleton className="h-26" />
          <Skeleton className="h-26 max-md:hidden" />
        </div>
        <Skeleton className="h-96" />
      </div>
    </div>
  );
}
