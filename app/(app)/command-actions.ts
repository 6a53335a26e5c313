"use server";
import { maybePageViewer } from "@/lib/access/page-viewer";
import { can } from "@/lib/access/permissions";
import { listKeys } from "@/lib/keys/keys";
import { listViews } from "@/lib/views/views";

export type Place = { href: string; label: string; kind: "key" | "view" };

const MOST_KEYS = 1000;

/** Where the command palette can lead beside the pages: the team's keys and the person's views. */
export async function listPlaces(): Promise<Place[]> {
  const viewer = await maybePageViewer();
  if (!viewer) return [];
  const [keys, views] = await Promise.all([
    can(viewer, "keys.read") ? listKeys(viewer, { page: 1, limit: MOST_KEYS }) : { items: [] },
    listViews(viewer),
  ]);
  return [
    ...views.map((view): Place => ({ href: `/${view.page}${view.query}`, label: view.name, kind: "view" })),
    ...keys.items.map((key): Place => ({ href: `/keys/${key.id}`, label: key.name, kind: "key" })),
  ];
}
