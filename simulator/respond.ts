import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "./faults";
import { type Answer, errorBody } from "./http";
import { withBadRow, withoutFields, withStringNumbers } from "./spoil";

const EDGE_PAGE =
  "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><p>cloudflare</p></body></html>";

function sendJson(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** The refusals that a fault stands for, in OpenRouter's words. */
function refusal(fault: Fault): Answer | null {
  const retryAfter: Record<string, string> =
    fault.retryAfterSeconds === undefined ? {} : { "Retry-After": String(fault.retryAfterSeconds) };
  switch (fault.kind) {
    case "status401":
      return { status: 401, body: errorBody(401, fault.message ?? "User not found.") };
    case "status402":
      return {
        status: 402,
        body: errorBody(402, fault.message ?? "Insufficient credits", { limit_source: "openrouter_credits" }),
        headers: retryAfter,
      };
    case "status403":
      return { status: 403, body: errorBody(403, fault.message ?? "Key limit exceeded (monthly limit)") };
    case "status429":
      return {
        status: 429,
        body: errorBody(429, fault.message ?? "Rate limit exceeded"),
        headers: { "Retry-After": "1", ...retryAfter },
      };
    case "status500":
      return { status: 500, body: errorBody(500, fault.message ?? "Internal Server Error") };
    default:
      return null;
  }
}

/** Sends the answer, spoiled as the fault wants it. `hang` never answers: closing the server ends it. */
export async function respond(
  response: ServerResponse,
  makeAnswer: () => Answer,
  fault: Fault | undefined,
): Promise<void> {
  const refused = fault && refusal(fault);
  if (refused) return sendJson(response, refused);
  switch (fault?.kind) {
    case "hang":
      return;
    case "drop":
      response.socket?.destroy();
      return;
    case "html502":
      response.writeHead(502, { "content-type": "text/html; charset=UTF-8" });
      response.end(EDGE_PAGE);
      return;
    case "slow":
      await wait(fault.delayMs ?? 1000);
      return sendJson(response, makeAnswer());
    case "truncated-json": {
      const { status, body, headers } = makeAnswer();
      const text = JSON.stringify(body);
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(text.slice(0, Math.ceil(text.length / 2)));
      return;
    }
    default:
      return sendJson(response, spoil(makeAnswer(), fault));
  }
}

/** Only good answers are spoiled. */
function spoil(answer: Answer, fault: Fault | undefined): Answer {
  if (!fault || answer.status >= 400) return answer;
  if (fault.kind === "string-numbers") return { ...answer, body: withStringNumbers(answer.body) };
  if (fault.kind === "missing-fields") return { ...answer, body: withoutFields(answer.body, fault.fields) };
  if (fault.kind === "bad-row") return { ...answer, body: withBadRow(answer.body) };
  return answer;
}
