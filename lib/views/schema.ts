import { z } from "zod";
import { Id } from "@/lib/base/id";

/** Pages whose filters can be kept under a name. Safe for the browser. */
export const VIEW_PAGES = ["dashboard", "stats"] as const;
export type ViewPage = (typeof VIEW_PAGES)[number];

export const SaveView = z.strictObject({
  page: z.enum(VIEW_PAGES),
  name: z.string("is required").trim().min(1, "is required").max(60, "must have at most 60 characters"),
  /** The part of the address from the question mark on. */
  query: z.string().max(2000, "is too long").regex(/^\?/, "must begin with a question mark").default("?"),
});
export type SaveView = z.output<typeof SaveView>;

export const ViewId = z.strictObject({ id: Id });
export type SavedView = { id: number; page: ViewPage; name: string; query: string };
