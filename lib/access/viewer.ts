import "server-only";
import type { Role } from "@/db/schema/enums";

declare const made: unique symbol;

/**
 * Which rows of a team somebody reaches: all keys, or the listed ones. Answers that are kept are kept under it.
 */
export type Reach = { readonly keys: "all" | readonly number[] };

/**
 * Who is asking, proven by a session. Only `lib/access` makes one, so a verb that wants one cannot be called without
 * asking.
 */
export type Viewer = {
  readonly userId: number;
  readonly teamId: number;
  readonly role: Role;
  readonly reach: Reach;
  readonly sessionId: string;
  readonly email: string;
  readonly name: string | null;
  readonly isAdmin: boolean;
  readonly timezone: string;
  readonly locale: string;
  readonly theme: string;
  readonly ip: string | null;
  readonly [made]: true;
};

/** A program that shows an API token: reads one team's figures within its scopes. */
export type TokenViewer = {
  readonly teamId: number;
  readonly tokenId: number;
  readonly reach: Reach;
  readonly scopes: readonly string[];
  /** Version of the team's data, for ETag and caching. */
  readonly dataVersion: number;
  readonly ip: string | null;
  readonly [made]: true;
};

/**
 * What the reading verbs need: whose data, and which part of them. A viewer and a token are readers; a job is one by
 * `makeJobReader`.
 */
export type TeamReader = Pick<Viewer, "teamId" | "reach"> & { readonly [made]: true };

export const makeViewer = (facts: Omit<Viewer, typeof made>): Viewer => facts as Viewer;
export const makeTokenViewer = (facts: Omit<TokenViewer, typeof made>): TokenViewer => facts as TokenViewer;

/**
 * A reader for a job, which nobody asked for at this moment: a report that is due, for one. It reaches the whole team.
 */
export const makeJobReader = (teamId: number): TeamReader => ({ teamId, reach: { keys: "all" } }) as TeamReader;

/** What a role reaches without grants of single keys: a holder has nothing but what is granted. */
export const reachOf = (role: Role): Reach => ({ keys: role === "holder" ? [] : "all" });
