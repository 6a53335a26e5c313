import type { ProductionServer } from "./production-server";

export const PASSWORD = "Correct-Horse-9-Battery";

/** Registers the person unless that was done, and signs them in. Behind a proxy each may come from an address of their own. Answers the session's token. */
export async function signIn(server: ProductionServer, email: string, from = "127.0.0.1"): Promise<string> {
  const post = async (route: string, body: object) => {
    const headers = { "Content-Type": "application/json", "X-Forwarded-For": from };
    return (await fetch(server.address + route, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  await post("/api/auth/register", { email, password: PASSWORD, password_confirm: PASSWORD });
  return (await post("/api/auth/login", { email, password: PASSWORD })).access_token;
}
