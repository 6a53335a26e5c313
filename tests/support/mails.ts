import { vi } from "vitest";
import { log } from "@/lib/base/log";

/** Mail is off in tests, so its text goes to the log: what would have been mailed meanwhile, and the last link's secret. */
export function watchMails() {
  const spy = vi.spyOn(log(), "warn");
  const mails = () => spy.mock.calls.map(([fields]) => fields as unknown as { to: string; text: string });
  const token = () => new URL(/http\S+/.exec(mails().at(-1)?.text ?? "")?.[0] ?? "").searchParams.get("token") ?? "";
  return { mails, token };
}
