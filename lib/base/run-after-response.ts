import "server-only";
import { after } from "next/server";
import { log } from "./log";

/**
 * Does work once the answer is on its way, so that its time tells nothing of the work; Next sees to it that a serverless host waits for the end. Where Next answers no
 * request, it begins at once. Never throws: what fails is logged.
 */
export function runAfterResponse(work: () => Promise<void>): void {
  const logged = () => work().catch((error: unknown) => log().error({ err: error }, "Work after an answer failed"));
  try {
    after(logged);
  } catch {
    void logged();
  }
}
