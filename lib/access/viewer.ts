import "server-only";

declare const made: unique symbol;

export type Role = "owner" | "admin" | "member" | "viewer";

/** Who is asking, proven by a session. Only `lib/access` makes one, so a verb that wants one cannot be called without asking. */
export type Viewer = {
  readonly userId: number;
  readonly teamId: number;
  readonly role: Role;
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
  readonly scopes: readonly string[];
  /** Version of the team's data, for ETag and caching. */
  readonly dataVersion: number;
  readonly ip: string | null;
  readonly [made]: true;
};

/** What the reading verbs need: whose data, and nothing else. */
export type TeamReader = Pick<Viewer, "teamId"> & { readonly [made]: true };

export const makeViewer = (facts: Omit<Viewer, typeof made>): Viewer => facts as Viewer;
export const makeTokenViewer = (facts: Omit<TokenViewer, typeof made>): TokenViewer => facts as TokenViewer;
