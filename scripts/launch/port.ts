import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { LaunchError } from "./launch-error";

/** All addresses of this machine. Next would otherwise take HOSTNAME, which many shells set to the machine's name. */
export const HOST = "0.0.0.0";

/** A web server whose launcher was killed lets go of its port within moments. */
const PATIENCE_MS = 1500;

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(port, HOST, () => {
      const address = probe.address();
      const found = typeof address === "object" && address ? address.port : port;
      probe.close(() => resolve(found));
    });
  });
}

/** Proves that the port is free; 0 finds a free one. Throws LaunchError with one line when it is taken. */
export async function claimPort(port: number): Promise<number> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await listenOnce(port);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "EACCES") throw new LaunchError(`PORT ${port} needs more rights than this user has`);
      if (code !== "EADDRINUSE") throw new LaunchError(`PORT ${port} cannot be used: ${message}`);
      if (Date.now() > until) throw new LaunchError(`PORT ${port} is taken by another program: set PORT to a free one`);
      await pause(100);
    }
  }
}
