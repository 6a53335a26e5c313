import { connect, type Socket } from "node:net";

/** What postgres.js has read out of the address: a path, or hosts and their ports, to be tried in turn. */
type Target = { path?: string | false; host: string[]; port: number[] };

/**
 * Opens postgres.js's connections, for its option `socket`. Its own keep a small message back while the one before is unacknowledged, and the server acknowledges what
 * it has nothing to answer to only after 40 ms. The end of a COPY is such a message, and so is the statement after it: postgres.js also says that the COPY has failed,
 * even when it went well, and the server passes over that.
 */
export function promptSockets(): { socket: (target: Target) => Socket } {
  let turn = 0;
  return {
    socket: ({ path, host: hosts, port: ports }) => {
      if (path) return connect(path);
      const host = hosts[turn % hosts.length] ?? "localhost";
      const port = ports[turn % ports.length] ?? 5432;
      turn++;
      // The host is what a certificate is held against.
      return Object.assign(connect({ host, port, noDelay: true }), { host });
    },
  };
}
