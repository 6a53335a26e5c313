import { randomUUID } from "node:crypto";
import { sql } from "@/db/client";
import { makeViewer } from "@/lib/auth/viewer";

/** A person with a team of their own. */
export async function createPerson() {
  const email = `${randomUUID()}@example.com`;
  const [user] = await sql()<{ id: number }[]>`insert into users (email) values (${email}) returning id`;
  const [team] = await sql()<{ id: number }[]>`insert into teams (name) values (${email}) returning id`;
  const userId = user?.id ?? 0;
  const teamId = team?.id ?? 0;
  await sql()`insert into members (team_id, user_id, role) values (${teamId}, ${userId}, 'owner')`;
  const viewer = makeViewer({
    userId,
    teamId,
    role: "owner",
    sessionId: randomUUID(),
    email,
    name: null,
    isAdmin: false,
    timezone: "UTC",
    locale: "en",
    theme: "system",
    ip: null,
  });
  return { viewer };
}
