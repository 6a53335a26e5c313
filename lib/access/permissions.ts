import { ROLES, type Role } from "@/db/schema/enums";
import { AppError } from "@/lib/base/errors";

const MANAGERS = ["owner", "admin"] as const;
const CHANGERS = ["owner", "admin", "member"] as const;
/**
 * Finance reads sums by project and a holder reads granted keys; neither exists yet, so neither role reads anything
 * here.
 */
const READERS = ["owner", "admin", "member", "viewer"] as const;

/**
 * Which roles may do what. The only place that says so: every door names one of these permissions (or `PERSONAL` or
 * `PUBLIC`), the OpenAPI document prints it as `x-permission`, and the authorisation tests are made from it. Safe for
 * the browser.
 */
export const PERMISSIONS = {
  /** The team's name and settings. */
  "team.read": ROLES,
  "team.change": MANAGERS,
  /** Names, labels and states of keys, runs of syncs, connections. */
  "keys.read": READERS,
  "keys.write": CHANGERS,
  /** One question to OpenRouter about one key. */
  "keys.test": CHANGERS,
  "sync.request": CHANGERS,
  /** Requests, tokens and cost per key, model and provider. */
  "usage.read": READERS,
  /** Sums in USD as OpenRouter counts them, beside ours. */
  "money.read": READERS,
  /** Single requests. */
  "live.read": CHANGERS,
  "broadcast.write": CHANGERS,
  "tokens.read": CHANGERS,
  "tokens.write": CHANGERS,
  /** A badge shows a sum to everybody who has its link. */
  "badges.write": CHANGERS,
  "audit.read": MANAGERS,
  /** A person's own saved views. */
  "views.write": ROLES,
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/** A door to the caller's own account, whatever their role in a team: no permission of a team is needed. */
export const PERSONAL = "personal";
/** A door that is open without a session or an API token; what guards it instead is said in its description. */
export const PUBLIC = "public";

/** What a door for people asks of them. */
export type Access = Permission | typeof PERSONAL;

/** Whether a role has a permission. */
export const can = ({ role }: { role: Role }, access: Access): boolean =>
  access === PERSONAL || (PERMISSIONS[access] as readonly Role[]).includes(role);

/** Refuses with 403 what a role may not do. */
export function requirePermission(viewer: { role: Role }, access: Access): void {
  if (!can(viewer, access)) throw new AppError("forbidden", `Your role (${viewer.role}) does not allow this`);
}
