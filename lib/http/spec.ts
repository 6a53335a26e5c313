import type { z } from "zod";
import type { Access, PUBLIC } from "@/lib/access/permissions";

/** What a route declares about itself: it validates with this, and the OpenAPI document is made from it. */
export type RouteSpec = {
  summary: string;
  /** What the caller needs: a permission of a role, nothing but an account of their own, or nothing at all. */
  permission: Access | typeof PUBLIC;
  description?: string;
  tags?: string[];
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Shape of a successful answer; null for 204. A verb may also answer with a Response of its own: then `media` names its types. */
  response: z.ZodType | null;
  media?: string[];
  /** An example answer for the document, better than the one made from the schema; a test holds it against the schema. */
  example?: unknown;
  status?: 200 | 201 | 202 | 204;
  /** Error statuses beyond those that every route of its kind can give. */
  errors?: number[];
  /** Shapes of answers beyond success that are no problem documents, by status. */
  otherwise?: Record<number, z.ZodType>;
  scope?: string;
  /** A token route whose answer depends on nothing but the query and the team's data: kept until these change. */
  keep?: boolean;
  /** Bytes of body that are read at most. */
  maxBody?: number;
};

export type Door = "public" | "session" | "token";
export type Handler = ((request: Request, context: RouteContext) => Promise<Response>) & {
  spec: RouteSpec;
  door: Door;
};
export type RouteContext = { params: Promise<Record<string, string | string[] | undefined>> };
