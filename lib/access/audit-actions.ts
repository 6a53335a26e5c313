/**
 * Everything that the audit log can tell, `noun.done`. Each has words in `messages/<locale>/audit.json`, under `action`. Safe for the browser.
 */
export const AUDIT_ACTIONS = [
  "access.refused",
  "account.created",
  "account.deleted",
  "badge.created",
  "badge.deleted",
  "broadcast.connected",
  "broadcast.destination_created",
  "broadcast.disconnected",
  "email.change_requested",
  "email.changed",
  "key.changed",
  "key.created",
  "key.deleted",
  "login.linked",
  "login.unlinked",
  "passkey.added",
  "passkey.removed",
  "passkey.renamed",
  "password.changed",
  "password.reset",
  "password.reset_requested",
  "profile.changed",
  "session.ended",
  "session.others_ended",
  "session.refused",
  "session.started",
  "sync.requested",
  "team.changed",
  "token.created",
  "token.revoked",
  "token.rotated",
  "two_factor.begun",
  "two_factor.codes_renewed",
  "two_factor.disabled",
  "two_factor.enabled",
  "view.deleted",
  "view.saved",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Rows of another version may tell what this one does not know. */
export const isAuditAction = (action: string): action is AuditAction =>
  (AUDIT_ACTIONS as readonly string[]).includes(action);
