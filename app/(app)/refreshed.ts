import "server-only";
import { refresh } from "next/cache";
import type { Viewer } from "@/lib/access/viewer";

/** A verb after which the open page shows what it changed. */
export function refreshed<I, T>(verb: (viewer: Viewer, input: I) => Promise<T>) {
  return async (viewer: Viewer, input: I): Promise<T> => {
    const result = await verb(viewer, input);
    refresh();
    return result;
  };
}
