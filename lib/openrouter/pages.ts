import "server-only";
import { z } from "zod";
import { UpstreamError } from "./errors";
import { count, optional, parseAnswer } from "./wire";

/** Rows of a full page. */
export const PAGE = 100;
/** Far more than any account has: 100,000 rows. */
const MOST_PAGES = 1000;

const Page = z.object({ data: z.array(z.unknown()), total_count: optional(count) });

/**
 * All rows of a list of OpenRouter's, each once. It ends where its total is reached, where a page is short and no total says otherwise, or with an empty page. A page with
 * nothing new is an answer that ignores `offset` and would go on for ever: that, and more than 1,000 pages, throws UpstreamError. `readPage` answers
 * the body for an offset; `what` names the list in an error.
 */
export async function readPages(what: string, readPage: (offset: number) => Promise<unknown>): Promise<unknown[]> {
  const rows = new Map<string, unknown>();
  for (let page = 0, offset = 0; page < MOST_PAGES; page++) {
    const { data, total_count: total } = parseAnswer(Page, await readPage(offset), what);
    offset += data.length;
    const known = rows.size;
    for (const row of data) {
      const identity = identityOf(row);
      if (!rows.has(identity)) rows.set(identity, row);
    }
    const isShort = data.length < PAGE && (total === null || offset > total);
    if (data.length === 0 || offset === total || isShort) return [...rows.values()];
    if (rows.size === known) throw endless(`${what} brings the same page again and again`);
  }
  throw endless(`${what} has no end after ${MOST_PAGES} pages`);
}

const endless = (words: string): UpstreamError =>
  new UpstreamError("malformed", `OpenRouter's answer about ${words}`, 200);

/** What a row is known by; one that names nothing is known by all that it says. */
function identityOf(row: unknown): string {
  const { hash, id } = (row ?? {}) as { hash?: unknown; id?: unknown };
  return JSON.stringify(hash ?? id ?? row);
}
