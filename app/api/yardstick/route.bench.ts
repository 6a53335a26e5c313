/** What `npm run bench` holds the public API against: a route that does nothing. Only a build with BENCH has it. */
export const dynamic = "force-dynamic";

export const GET = (): Response => new Response("ok");
