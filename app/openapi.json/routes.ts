import { OPTIONS as audit } from "@/app/api/audit/route";
import { OPTIONS as authConfirmEmail } from "@/app/api/auth/confirm-email/route";
import { OPTIONS as authForgotPassword } from "@/app/api/auth/forgot-password/route";
import { OPTIONS as authLogin } from "@/app/api/auth/login/route";
import { OPTIONS as authLogout } from "@/app/api/auth/logout/route";
import { OPTIONS as authPasskeyOptions } from "@/app/api/auth/passkey/options/route";
import { OPTIONS as authPasskeyVerify } from "@/app/api/auth/passkey/verify/route";
import { OPTIONS as authRegister } from "@/app/api/auth/register/route";
import { OPTIONS as authResetPassword } from "@/app/api/auth/reset-password/route";
import { OPTIONS as badgesId } from "@/app/api/badges/[id]/route";
import { OPTIONS as badges } from "@/app/api/badges/route";
import { OPTIONS as broadcastConnectionsId } from "@/app/api/broadcast/connections/[id]/route";
import { OPTIONS as broadcastConnections } from "@/app/api/broadcast/connections/route";
import { OPTIONS as broadcastDestinations } from "@/app/api/broadcast/destinations/route";
import { OPTIONS as healthReady } from "@/app/api/health/ready/route";
import { OPTIONS as health } from "@/app/api/health/route";
import { OPTIONS as ingestBroadcast } from "@/app/api/ingest/broadcast/[connection_id]/route";
import { OPTIONS as keysId } from "@/app/api/keys/[id]/route";
import { OPTIONS as keysIdTest } from "@/app/api/keys/[id]/test/route";
import { OPTIONS as keys } from "@/app/api/keys/route";
import { OPTIONS as profileAccess } from "@/app/api/profile/access/route";
import { OPTIONS as profileEmail } from "@/app/api/profile/email/route";
import { OPTIONS as profilePasskeysId } from "@/app/api/profile/passkeys/[id]/route";
import { OPTIONS as profilePasskeysOptions } from "@/app/api/profile/passkeys/options/route";
import { OPTIONS as profilePasskeys } from "@/app/api/profile/passkeys/route";
import { OPTIONS as profilePassword } from "@/app/api/profile/password/route";
import { OPTIONS as profile } from "@/app/api/profile/route";
import { OPTIONS as profileServicesService } from "@/app/api/profile/services/[service]/route";
import { OPTIONS as profileServices } from "@/app/api/profile/services/route";
import { OPTIONS as profileSessionsId } from "@/app/api/profile/sessions/[id]/route";
import { OPTIONS as profileSessions } from "@/app/api/profile/sessions/route";
import { OPTIONS as profileTwoFactorConfirm } from "@/app/api/profile/two-factor/confirm/route";
import { OPTIONS as profileTwoFactorPasskeys } from "@/app/api/profile/two-factor/passkeys/route";
import { OPTIONS as profileTwoFactorRecoveryCodes } from "@/app/api/profile/two-factor/recovery-codes/route";
import { OPTIONS as profileTwoFactor } from "@/app/api/profile/two-factor/route";
import { OPTIONS as reconciliation } from "@/app/api/reconciliation/route";
import { OPTIONS as statsDashboard } from "@/app/api/stats/dashboard/route";
import { OPTIONS as syncRunId } from "@/app/api/sync/[run_id]/route";
import { OPTIONS as sync } from "@/app/api/sync/route";
import { OPTIONS as team } from "@/app/api/team/route";
import { OPTIONS as tokensIdRotate } from "@/app/api/tokens/[id]/rotate/route";
import { OPTIONS as tokensId } from "@/app/api/tokens/[id]/route";
import { OPTIONS as tokens } from "@/app/api/tokens/route";
import { OPTIONS as usageExport } from "@/app/api/usage/export/route";
import { OPTIONS as usage } from "@/app/api/usage/route";
import { OPTIONS as v1Keys } from "@/app/api/v1/keys/route";
import { OPTIONS as v1Models } from "@/app/api/v1/models/route";
import { OPTIONS as v1Stats } from "@/app/api/v1/stats/route";
import { OPTIONS as v1Timeseries } from "@/app/api/v1/timeseries/route";
import { OPTIONS as v1UsageExport } from "@/app/api/v1/usage/export/route";
import { OPTIONS as v1Usage } from "@/app/api/v1/usage/route";
import { OPTIONS as badgeSecret } from "@/app/badge/[secret]/route";
import { OPTIONS as metrics } from "@/app/metrics/route";
import type { Described } from "@/lib/openapi/document";

/** Every route that the document describes; a test compares this list with the files. */
export const ROUTES: readonly Described[] = [
  { path: "/api/audit", table: audit.table },
  { path: "/api/auth/login", table: authLogin.table },
  { path: "/api/auth/logout", table: authLogout.table },
  { path: "/api/auth/register", table: authRegister.table },
  { path: "/api/broadcast/connections/{id}", table: broadcastConnectionsId.table },
  { path: "/api/broadcast/connections", table: broadcastConnections.table },
  { path: "/api/broadcast/destinations", table: broadcastDestinations.table },
  { path: "/api/ingest/broadcast/{connection_id}", table: ingestBroadcast.table },
  { path: "/api/health/ready", table: healthReady.table },
  { path: "/api/health", table: health.table },
  { path: "/api/keys/{id}", table: keysId.table },
  { path: "/api/keys/{id}/test", table: keysIdTest.table },
  { path: "/api/keys", table: keys.table },
  { path: "/api/auth/confirm-email", table: authConfirmEmail.table },
  { path: "/api/auth/forgot-password", table: authForgotPassword.table },
  { path: "/api/auth/reset-password", table: authResetPassword.table },
  { path: "/api/auth/passkey/options", table: authPasskeyOptions.table },
  { path: "/api/auth/passkey/verify", table: authPasskeyVerify.table },
  { path: "/api/profile/access", table: profileAccess.table },
  { path: "/api/profile/email", table: profileEmail.table },
  { path: "/api/profile/passkeys/options", table: profilePasskeysOptions.table },
  { path: "/api/profile/passkeys/{id}", table: profilePasskeysId.table },
  { path: "/api/profile/passkeys", table: profilePasskeys.table },
  { path: "/api/profile/two-factor/confirm", table: profileTwoFactorConfirm.table },
  { path: "/api/profile/two-factor/passkeys", table: profileTwoFactorPasskeys.table },
  { path: "/api/profile/two-factor/recovery-codes", table: profileTwoFactorRecoveryCodes.table },
  { path: "/api/profile/two-factor", table: profileTwoFactor.table },
  { path: "/api/profile/password", table: profilePassword.table },
  { path: "/api/profile", table: profile.table },
  { path: "/api/profile/services/{service}", table: profileServicesService.table },
  { path: "/api/profile/services", table: profileServices.table },
  { path: "/api/profile/sessions/{id}", table: profileSessionsId.table },
  { path: "/api/profile/sessions", table: profileSessions.table },
  { path: "/api/reconciliation", table: reconciliation.table },
  { path: "/api/stats/dashboard", table: statsDashboard.table },
  { path: "/api/sync/{run_id}", table: syncRunId.table },
  { path: "/api/sync", table: sync.table },
  { path: "/api/tokens/{id}/rotate", table: tokensIdRotate.table },
  { path: "/api/tokens/{id}", table: tokensId.table },
  { path: "/api/team", table: team.table },
  { path: "/api/tokens", table: tokens.table },
  { path: "/api/usage/export", table: usageExport.table },
  { path: "/api/usage", table: usage.table },
  { path: "/api/v1/keys", table: v1Keys.table },
  { path: "/api/v1/stats", table: v1Stats.table },
  { path: "/api/v1/timeseries", table: v1Timeseries.table },
  { path: "/api/v1/usage/export", table: v1UsageExport.table },
  { path: "/api/v1/usage", table: v1Usage.table },
  { path: "/api/badges", table: badges.table },
  { path: "/api/badges/{id}", table: badgesId.table },
  { path: "/api/v1/models", table: v1Models.table },
  { path: "/metrics", table: metrics.table },
  { path: "/badge/{secret}", table: badgeSecret.table },
];
