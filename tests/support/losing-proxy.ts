import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

type Row = Record<string, unknown>;
const Analytics = z.looseObject({ data: z.looseObject({ data: z.array(z.record(z.string(), z.unknown())) }) });

/** A way to a simulated OpenRouter on which rows of its analytics get lost, without a word: those that `loses` picks by their time (UTC). */
export async function startLosingProxy(target: string, loses: { row: (time: string) => boolean }) {
  const timeOf = (row: Row) =>
    String(Object.entries(row).find(([name]) => /^(date|created_at)__/.test(name))?.[1] ?? "");
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await fetch(`${target}${request.url?.replace(/^\/api\/v1/, "")}`, {
      method: request.method ?? "GET",
      headers: { authorization: request.headers.authorization ?? "", "content-type": "application/json" },
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const body: unknown = await answer.json();
    const parsed = Analytics.safeParse(body);
    if (parsed.success) parsed.data.data.data = parsed.data.data.data.filter((row) => !loses.row(timeOf(row)));
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(parsed.success ? parsed.data : body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
