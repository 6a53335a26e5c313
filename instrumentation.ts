/** Runs once when a server process starts, before the first request. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next replaces this at build time, so that the edge bundle carries no database
  if (process.env.NEXT_RUNTIME === "nodejs") await (await import("./lib/boot")).boot();
}
