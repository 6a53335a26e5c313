/**
 * Microseconds of CPU that the server has taken so far, which `npm run bench` asks before and after a load. Only a
 * build with BENCH has it.
 */
export const dynamic = "force-dynamic";

export const GET = (): Response => Response.json(process.cpuUsage());
