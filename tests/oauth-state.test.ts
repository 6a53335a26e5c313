import { NextRequest } from "next/server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { GET, POST } from "@/app/api/auth/[...nextauth]/route";
import { sql } from "@/db/client";
import { forgetEnv } from "@/lib/base/env";
import { CLIENT, startIssuer } from "./support/oidc-issuer";

// Next gives headers and cookies only while it handles a request; nobody is signed in here.
vi.mock("next/headers", () => ({
  cookies: async () => ({ get: () => undefined, set: () => {} }),
  headers: async () => new Headers(),
}));

const ORIGIN = "http://monitor.example.com";
const GOOGLE = "https://accounts.google.com";
/** Authentik's issuers look like this, with the slash. */
const OIDC = "https://login.example.com/application/o/monitor/";
const ANN = { sub: "ann", email: "ann@example.com", email_verified: true };
const realFetch = fetch;
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let oidcIssuer: Awaited<ReturnType<typeof startIssuer>>;
const issuerOf = (service: string) => (service === "oidc" ? oidcIssuer : issuer);

/** The services are far away: what we send them reaches local issuers, which hold us to the rules. */
async function nearby(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const { host, pathname } = new URL(input instanceof Request ? input.url : input);
  if (host === "api.github.com")
    return Response.json(
      pathname === "/user" ? { id: 7, login: "ann" } : [{ email: ANN.email, primary: true, verified: true }],
    );
  if (host === "github.com") {
    const answer = await realFetch(`${issuer.url}/token`, init);
    const { id_token: _, ...tokens } = await answer.json();
    return Response.json(tokens, { status: answer.status });
  }
  if (host === "login.example.com")
    return realFetch(`${oidcIssuer.url}${pathname.replace("/application/o/monitor", "")}`, init);
  expect(host).toBe("accounts.google.com");
  return realFetch(`${issuer.url}${pathname}`, init);
}

beforeAll(async () => {
  issuer = await startIssuer(GOOGLE);
  oidcIssuer = await startIssuer(OIDC);
  issuer.state.identity = oidcIssuer.state.identity = ANN;
  for (const [name, value] of Object.entries({
    APP_URL: ORIGIN,
    AUTH_URL: ORIGIN,
    GITHUB_CLIENT_ID: CLIENT.id,
    GITHUB_CLIENT_SECRET: CLIENT.secret,
    GOOGLE_CLIENT_ID: CLIENT.id,
    GOOGLE_CLIENT_SECRET: CLIENT.secret,
    OIDC_ISSUER: OIDC,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
  }))
    vi.stubEnv(name, value);
  forgetEnv();
  vi.stubGlobal("fetch", nearby);
});
afterAll(() => Promise.all([issuer.close(), oidcIssuer.close()]));

/** A browser as far as Auth.js needs one. */
function browser() {
  const jar = new Map<string, string>();
  const headers = () => ({ cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") });
  const kept = (response: Response) => {
    for (const cookie of response.headers.getSetCookie()) {
      const [name = "", ...value] = (cookie.split(";")[0] ?? "").split("=");
      jar.set(name, value.join("="));
    }
    return response;
  };
  const get = async (path: string) => kept(await GET(new NextRequest(new URL(path, ORIGIN), { headers: headers() })));
  const post = async (path: string, fields: Record<string, string>) =>
    kept(
      await POST(
        new NextRequest(new URL(path, ORIGIN), {
          method: "POST",
          headers: { ...headers(), "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams(fields).toString(),
        }),
      ),
    );
  /** Goes to the service and comes back with the address that the service sends it to. */
  async function visit(service: string): Promise<{ asked: URLSearchParams; back: URL }> {
    const { csrfToken } = await (await get("/api/auth/csrf")).json();
    const leaving = await post(`/api/auth/signin/${service}`, { csrfToken, callbackUrl: `${ORIGIN}/dashboard` });
    const { search } = new URL(leaving.headers.get("location") ?? "");
    const arriving = await realFetch(`${issuerOf(service).url}/authorize${search}`, { redirect: "manual" });
    const back = new URL(arriving.headers.get("location") ?? "");
    if (service === "github") back.searchParams.delete("iss");
    return { asked: new URLSearchParams(search), back };
  }
  return { get, visit, isSignedIn: () => Boolean(jar.get("session")) };
}

const pathOf = (url: URL) => url.pathname + url.search;

describe.each(["github", "google", "oidc"])("Signing in through %s", (service) => {
  it("sends a state and a PKCE challenge of its own each time, and comes back with them", async () => {
    const [one, other] = [await browser().visit(service), await browser().visit(service)];
    for (const name of ["state", "code_challenge"]) {
      expect(one.asked.get(name), name).toMatch(/\S{40}/);
      expect(one.asked.get(name), name).not.toBe(other.asked.get(name));
    }
    expect(one.asked.get("code_challenge_method")).toBe("S256");
    expect(Boolean(one.asked.get("nonce"))).toBe(service !== "github");
  });

  it("lets the browser in that asked", async () => {
    await sql()`delete from users`;
    const ann = browser();
    const { back } = await ann.visit(service);
    const answer = await ann.get(pathOf(back));
    expect(answer.headers.get("location")).toBe(`${ORIGIN}/dashboard`);
    expect(ann.isSignedIn()).toBe(true);
    const accounts = await sql()`select provider from accounts`;
    expect(accounts.map(({ provider }) => provider)).toEqual([service]);
  });

  it.each([
    ["another state", (back: URL) => back.searchParams.set("state", "made-up")],
    ["no state", (back: URL) => back.searchParams.delete("state")],
  ])("lets nobody in who comes back with %s", async (_, change) => {
    const ann = browser();
    const { back } = await ann.visit(service);
    change(back);
    expect((await ann.get(pathOf(back))).headers.get("location")).toContain("/login?error=");
    expect(ann.isSignedIn()).toBe(false);
  });

  it("lets no browser in by the answer that another one asked for", async () => {
    const [ann, eve] = [browser(), browser()];
    const { back } = await eve.visit(service);
    await ann.visit(service);
    for (const victim of [ann, browser()]) {
      expect((await victim.get(pathOf(back))).headers.get("location")).toContain("/login?error=");
      expect(victim.isSignedIn()).toBe(false);
    }
  });
});
