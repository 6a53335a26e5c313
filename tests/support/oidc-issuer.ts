import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** Whom the issuer knows; `email_verified` is its own word. */
export type Identity = { sub: string; email?: string; email_verified?: boolean | string; name?: string };

export const CLIENT = { id: "monitor", secret: "a secret that only tests have ever used" };

type Grant = { identity: Identity; nonce: string | null; challenge: string; redirectUri: string };

/**
 * An OpenID Connect issuer on 127.0.0.1 that holds its clients to the rules: codes work once, PKCE, redirect address and client secret are
 * checked. It asks nobody anything: whoever is `identity` at the moment is signed in; null means that they press "cancel". `name`: what it calls
 * itself where it stands in for another one; then the id_token tells of the person, too, as Google's does.
 */
export async function startIssuer(name?: string) {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "RS256", use: "sig" };
  const codes = new Map<string, Grant>();
  const accessTokens = new Map<string, Identity>();
  const state: { identity: Identity | null; complaints: string[] } = { identity: null, complaints: [] };
  let url = "";
  const self = () => name ?? url;
  const base = () => self().replace(/\/$/, "");

  function authorize(query: URLSearchParams): string {
    const back = new URL(query.get("redirect_uri") ?? "");
    back.searchParams.set("state", query.get("state") ?? "");
    const isRight =
      query.get("client_id") === CLIENT.id &&
      query.get("response_type") === "code" &&
      query.get("code_challenge_method") === "S256" &&
      query.get("scope")?.split(" ").includes("openid");
    if (!isRight) state.complaints.push(`authorize: ${query}`);
    if (!state.identity) {
      back.searchParams.set("error", "access_denied");
      return back.toString();
    }
    const code = randomUUID();
    codes.set(code, {
      identity: state.identity,
      nonce: query.get("nonce"),
      challenge: query.get("code_challenge") ?? "",
      redirectUri: query.get("redirect_uri") ?? "",
    });
    back.searchParams.set("code", code);
    back.searchParams.set("iss", self());
    return back.toString();
  }

  async function exchange(form: URLSearchParams, authorization: string | undefined) {
    const code = form.get("code") ?? "";
    const grant = codes.get(code);
    codes.delete(code);
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const pair = [CLIENT.id, CLIENT.secret].map((part) => encodeURIComponent(part).replaceAll("%20", "+")).join(":");
    const isRight =
      authorization === `Basic ${btoa(pair)}` &&
      grant?.challenge === challenge &&
      grant.redirectUri === form.get("redirect_uri");
    if (!grant || !isRight) {
      state.complaints.push(`token: ${form}`);
      return undefined;
    }
    const accessToken = randomUUID();
    accessTokens.set(accessToken, grant.identity);
    const idToken = await new SignJWT({ ...(name && grant.identity), ...(grant.nonce && { nonce: grant.nonce }) })
      .setProtectedHeader({ alg: "RS256", kid: jwk.kid })
      .setIssuer(self())
      .setAudience(CLIENT.id)
      .setSubject(grant.identity.sub)
      .setIssuedAt()
      .setExpirationTime("5 minutes")
      .sign(privateKey);
    return { access_token: accessToken, token_type: "Bearer", expires_in: 300, id_token: idToken };
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", url);
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    if (pathname === "/.well-known/openid-configuration")
      return answer(200, {
        issuer: self(),
        authorization_endpoint: `${base()}/authorize`,
        token_endpoint: `${base()}/token`,
        userinfo_endpoint: `${base()}/userinfo`,
        jwks_uri: `${base()}/jwks`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        code_challenge_methods_supported: ["S256"],
        authorization_response_iss_parameter_supported: true,
      });
    if (pathname === "/jwks") return answer(200, { keys: [jwk] });
    if (pathname === "/authorize") return response.writeHead(302, { Location: authorize(searchParams) }).end();
    if (pathname === "/token") {
      const tokens = await exchange(new URLSearchParams(await bodyOf(request)), request.headers.authorization);
      return tokens ? answer(200, tokens) : answer(400, { error: "invalid_grant" });
    }
    const identity = accessTokens.get(/^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "");
    return pathname === "/userinfo" && identity ? answer(200, identity) : answer(401, { error: "invalid_token" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, state, close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}
