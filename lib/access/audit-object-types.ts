/**
 * Every kind of thing that the audit log can name. Each has a word in `messages/<locale>/audit.json`, under `object_type`. Safe for the browser.
 */
export const AUDIT_OBJECT_TYPES = [
  "api_key",
  "api_token",
  "badge",
  "broadcast_connection",
  "login",
  "passkey",
  "route",
  "saved_view",
  "session",
  "sync_run",
  "team",
  "user",
] as const;
export type AuditObjectType = (typeof AUDIT_OBJECT_TYPES)[number];

/** Rows of another version may name what this one does not know. */
export const isAuditObjectType = (type: string): type is AuditObjectType =>
  (AUDIT_OBJECT_TYPES as readonly string[]).includes(type);
