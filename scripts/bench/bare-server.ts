import { createServer } from "node:http";
import { countUses } from "@/lib/access/token-uses";
import { sha256 } from "@/lib/base/crypto";

/** The second yardstick: Node's own HTTP server and the statement of every public request, nothing else. Tells its port by IPC. */
const server = createServer((request, response) => {
  const token = request.headers.authorization?.slice("Bearer ".length) ?? "";
  countUses(new Map([[sha256(token), 1]])).then(
    ([use]) => response.end(JSON.stringify(use)),
    () => response.writeHead(500).end(),
  );
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" ? address?.port : null);
});
process.once("disconnect", () => process.exit(0));
