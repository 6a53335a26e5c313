import "server-only";
import type { OAuthConfig, OIDCConfig, Provider } from "next-auth/providers";
import GitHub, { type GitHubProfile } from "next-auth/providers/github";
import Google from "next-auth/providers/google";
import { z } from "zod";
import { env } from "@/lib/base/env";

/** The sign-in services whose variables are set, for buttons. */
export function configuredOAuthProviders(): { id: string; name: string }[] {
  const { GITHUB_CLIENT_ID, GOOGLE_CLIENT_ID, OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_NAME } = env();
  return [
    ...(GITHUB_CLIENT_ID ? [{ id: "github", name: "GitHub" }] : []),
    ...(GOOGLE_CLIENT_ID ? [{ id: "google", name: "Google" }] : []),
    ...(OIDC_ISSUER && OIDC_CLIENT_ID ? [{ id: "oidc", name: OIDC_NAME }] : []),
  ];
}

/** Auth.js providers for the services whose variables are set. */
export function configuredProviders(): Provider[] {
  const e = env();
  return configuredOAuthProviders().map(({ id }) => {
    if (id === "github") return gitHub(e.GITHUB_CLIENT_ID, e.GITHUB_CLIENT_SECRET);
    if (id === "google") return google(e.GOOGLE_CLIENT_ID, e.GOOGLE_CLIENT_SECRET);
    return oidc(e.OIDC_ISSUER, e.OIDC_CLIENT_ID, e.OIDC_CLIENT_SECRET);
  });
}

/** All that ties an answer to the browser that asked: PKCE, a state, and with OpenID Connect a nonce in the id_token. Auth.js by itself checks PKCE alone. */
const OAUTH_CHECKS: OAuthConfig<unknown>["checks"] = ["pkce", "state"];
const OIDC_CHECKS: OIDCConfig<unknown>["checks"] = ["pkce", "state", "nonce"];

const google = (clientId?: string, clientSecret?: string) => Google({ clientId, clientSecret, checks: OIDC_CHECKS });

/** Claims come from the userinfo endpoint, where issuers must put e-mail and profile; in the id_token they are optional (OpenID Connect Core, 5.4). */
const oidc = (issuer?: string, clientId?: string, clientSecret?: string): OIDCConfig<Record<string, unknown>> => ({
  id: "oidc",
  name: env().OIDC_NAME,
  type: "oidc",
  ...(issuer && { issuer }),
  ...(clientId && { clientId }),
  ...(clientSecret && { clientSecret }),
  checks: OIDC_CHECKS,
  idToken: false,
});

const GITHUB_API = "https://api.github.com";
const Person = z.looseObject({ id: z.number() });
const Addresses = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/**
 * GitHub's profile does not say whether an address is verified, and a new account's primary one need not be. `GET /user/emails` does say
 * (docs.github.com, "List email addresses for the authenticated user").
 */
function gitHub(clientId?: string, clientSecret?: string): OAuthConfig<GitHubProfile> {
  const read = async (path: string, token: string | undefined): Promise<unknown> => {
    const response = await fetch(`${GITHUB_API}${path}`, {
      headers: { Authorization: `Bearer ${token}`, "User-Agent": "openrouter-monitor" },
    });
    if (!response.ok) throw new Error(`GitHub answered ${response.status} for ${path}`);
    return response.json();
  };
  return GitHub({
    clientId,
    clientSecret,
    checks: OAUTH_CHECKS,
    userinfo: {
      url: `${GITHUB_API}/user`,
      async request({ tokens }: { tokens: { access_token?: string } }) {
        const person = Person.parse(await read("/user", tokens.access_token));
        const addresses = Addresses.parse(await read("/user/emails", tokens.access_token));
        const email = addresses.find((address) => address.primary && address.verified)?.email;
        return { ...person, email: email ?? null, email_verified: email !== undefined };
      },
    },
  });
}
