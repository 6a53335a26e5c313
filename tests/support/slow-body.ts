import { type ClientRequest, request } from "node:http";
import { vi } from "vitest";

type Answer = { status: number; text: string };

/** A request whose body has begun with `start` and does not end, and its answer as soon as there is one. Of unknown length. */
export function beginBody(address: string, start: Buffer | string, headers: Record<string, string> = {}) {
  const sending: ClientRequest = request(address, { method: "POST", headers });
  const answer = new Promise<Answer>((resolve, reject) => {
    sending.once("error", reject);
    sending.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => (text += part));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
  });
  sending.write(start);
  return { sending, answer };
}

/** Lets time pass, as timers tell it, until something is settled. */
export async function letTimePass<T>(until: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  until.then(settle, settle);
  while (!isSettled) {
    await vi.advanceTimersByTimeAsync(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return until;
}
