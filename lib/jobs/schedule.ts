import "server-only";

/** Starts the in-process schedule. */
export function startSchedule(): void {}
