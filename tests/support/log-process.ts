import { log } from "@/lib/base/log";

/** A process that logs, and says on standard error that it lives on. */
log().info("first");
setTimeout(() => {
  log().error("second");
  process.stderr.write("alive");
}, 50);
