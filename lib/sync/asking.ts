import "server-only";
import { type ModelNames, modelIdOf } from "@/lib/models/names";
import { type Answer, emptyAnswer, type Query, type Window } from "@/lib/openrouter/analytics";
import { addAnswer, type Piece, queryPieces } from "@/lib/openrouter/analytics-pages";
import type { Call } from "@/lib/openrouter/client";
import { UpstreamError } from "@/lib/openrouter/errors";
import type { Vocabulary } from "./vocabulary";

/** How an account's analytics are asked, and what was noticed of all its answers. */
export type Asking = {
  secret: string;
  call: Call;
  vocabulary: Vocabulary;
  models: ModelNames;
  now: Date;
  /** The oldest answer that came from a cache of OpenRouter's; null when all were made for us. */
  cachedAt: Date | null;
  /** Whether a filter by a key's hash has brought anything yet. */
  hashesMatch: boolean;
};

/** A question without its metrics: these are what the account's analytics understand. */
export type Question = Omit<Query, "metrics">;

/**
 * Asks for a window piece by piece, newest first. A 400 because of a metric costs that metric; any other is thrown. Models are named by their slug
 * from here on, however the answer named them.
 */
export async function* askPieces(asking: Asking, question: Question, whole: Window): AsyncGenerator<Piece> {
  for (let rest = whole; rest.end > rest.start; ) {
    const query: Query = { ...question, metrics: asking.vocabulary.metricsFor(question.granularity) };
    try {
      for await (const piece of queryPieces(asking.secret, query, rest, asking.call)) {
        if (piece.answer) notice(asking, piece.answer);
        yield piece;
        rest = { start: whole.start, end: piece.window.start };
      }
      return;
    } catch (error) {
      const isRefused = error instanceof UpstreamError && error.reason === "bad_request";
      if (!isRefused || !(await asking.vocabulary.learn(query, rest))) throw error;
    }
  }
}

/** The same as one answer. Throws UpstreamError where OpenRouter truncates even a single bucket. */
export async function ask(asking: Asking, question: Question, window: Window): Promise<Answer> {
  const all = emptyAnswer();
  for await (const { answer } of askPieces(asking, question, window)) {
    if (!answer) throw new UpstreamError("malformed", `OpenRouter truncates even a single ${question.granularity}`);
    addAnswer(all, answer);
  }
  return all;
}

function notice(asking: Asking, { rows, cachedAt }: Answer): void {
  for (const row of rows) row.model = modelIdOf(asking.models, row.model);
  if (cachedAt && (!asking.cachedAt || cachedAt < asking.cachedAt)) asking.cachedAt = cachedAt;
}
