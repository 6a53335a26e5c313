import "server-only";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";

/** Answers a request itself, or lets it go on to whatever stands behind. */
export type Stand = (request: IncomingMessage, response: ServerResponse, goOn: () => void) => void;

/**
 * Has every request pass these, in this order, before Next sees it. Next's own server has no such place: there a server hands its requests
 * over by this event.
 */
export function standBeforeNext(stands: Stand[]): void {
  const emit: (this: Server, event: string, ...given: unknown[]) => boolean = Server.prototype.emit;
  Server.prototype.emit = function (this: Server, event: string, ...given: unknown[]): boolean {
    const [request, response] = given as [IncomingMessage, ServerResponse];
    const passOn = (next: number): void => {
      const stand = stands[next];
      if (stand) stand(request, response, () => passOn(next + 1));
      else emit.call(this, event, ...given);
    };
    if (event !== "request") return emit.call(this, event, ...given);
    passOn(0);
    return true;
  };
}
