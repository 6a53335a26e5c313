/** A second Ctrl-C means impatience; npm, though, passes on what the terminal has already sent us. */
const ECHO_MS = 1000;

export type StopRequest = { signal: AbortSignal; onImpatience(act: () => void): void };

/** Hears SIGINT, SIGTERM and SIGHUP from now on, so that every stop is an orderly one. */
export function hearStopRequest(): StopRequest {
  const controller = new AbortController();
  let first = 0;
  let impatient = () => {};
  const hear = () => {
    if (!controller.signal.aborted) {
      first = Date.now();
      controller.abort();
    } else if (Date.now() - first > ECHO_MS) {
      impatient();
    }
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, hear);
  return {
    signal: controller.signal,
    onImpatience: (act) => {
      impatient = act;
    },
  };
}
