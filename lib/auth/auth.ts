import "server-only";
import NextAuth, { CredentialsSignin, type NextAuthConfig, type User } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { isHttps, SESSION_COOKIE } from "@/lib/access/cookie";
import { configuredProviders } from "@/lib/access/oauth-providers";
import { sessionCookieOptions } from "@/lib/access/session-cookie";
import { signSessionToken } from "@/lib/access/session-token";
import { viewerOfSession } from "@/lib/access/session-viewer";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { unstorableField } from "@/lib/base/unstorable";
import { login } from "@/lib/sign-in/login";
import { LoginForm } from "@/lib/sign-in/schema";
import { accountsAdapter } from "./adapter";
import { deviceOf } from "./device";
import { mayEnter, providerSession } from "./provider-login";

/** How long a page session lasts: with "remember me", or at most, while the browser stays open. */
export const REMEMBERED_HOURS = 30 * 24;
export const BROWSER_SESSION_HOURS = 24;

declare module "next-auth" {
  interface User {
    /** The session row that the sign-in made, and when it ends (Unix seconds). */
    sessionId?: string;
    sessionEnds?: number;
  }
}

/** Carries our own refusal through Auth.js, which passes on nothing but its own errors. */
export class SignInRefused extends CredentialsSignin {
  constructor(readonly refusal: AppError) {
    super(refusal.detail);
  }
}

async function authorize(given: Partial<Record<string, unknown>>, request: Request): Promise<User> {
  const { email, password, code, passkey, remember } = given;
  const known = Object.entries({ code, passkey, remember }).filter(([, value]) => value);
  const parsed = LoginForm.safeParse({ email, password, ...Object.fromEntries(known) });
  if (!parsed.success || unstorableField(parsed.data, "form"))
    throw new SignInRefused(new AppError("unauthorized", "Invalid credentials"));
  const hours = parsed.data.remember ? REMEMBERED_HOURS : BROWSER_SESSION_HOURS;
  try {
    const session = await login(deviceOf(request.headers), parsed.data, { kind: "page", hours });
    return {
      id: String(session.userId),
      sessionId: session.sessionId,
      sessionEnds: session.expiresAt.getTime() / 1000,
    };
  } catch (error) {
    throw error instanceof AppError ? new SignInRefused(error) : error;
  }
}

/** The JWT that Auth.js puts in the cookie is our own session token: one format, one check, one way to end it. */
const jwt: NextAuthConfig["jwt"] = {
  async encode({ token }) {
    if (!token?.sub || typeof token.sessionId !== "string") throw new Error("A session token needs its session");
    return signSessionToken(
      { userId: Number(token.sub), sessionId: token.sessionId },
      new Date(Number(token.sessionEnds) * 1000),
    );
  },
  async decode({ token }) {
    const viewer = token ? await viewerOfSession(token, null) : null;
    return viewer && { sub: String(viewer.userId), sessionId: viewer.sessionId };
  },
};

function config(): NextAuthConfig {
  // biome-ignore lint/style/noProcessEnv: Auth.js learns its own address from nowhere else
  if (env().APP_URL) process.env.AUTH_URL ??= env().APP_URL;
  return {
    adapter: accountsAdapter(),
    providers: [
      Credentials({ credentials: { email: {}, password: {}, code: {}, passkey: {}, remember: {} }, authorize }),
      ...configuredProviders(),
    ],
    secret: env().SECRET_KEY,
    trustHost: true,
    useSecureCookies: isHttps(),
    session: { strategy: "jwt", maxAge: REMEMBERED_HOURS * 3600 },
    cookies: { sessionToken: { name: SESSION_COOKIE(), options: sessionCookieOptions() } },
    pages: { signIn: "/login", error: "/login" },
    jwt,
    callbacks: {
      signIn: mayEnter,
      async jwt({ user, account }) {
        const session = user.sessionId ? user : await providerSession(Number(user.id), account?.provider ?? "service");
        return { sub: String(user.id), sessionId: session.sessionId, sessionEnds: session.sessionEnds };
      },
    },
    logger: {
      error: (error) => {
        if (!(error instanceof SignInRefused)) log().warn({ err: error }, "A sign-in failed");
      },
      warn: () => {},
      debug: () => {},
    },
  };
}

/** Auth.js, configured when first asked: the environment is not there while the pages are built. */
export const { handlers, signIn } = NextAuth(async () => config());
