const BASE = "http://here.invalid";

/** Where to go after signing in: a path of ours, whatever was asked for. */
export function safeNext(wanted: string | undefined, otherwise = "/dashboard"): string {
  if (!wanted?.startsWith("/") || !URL.canParse(wanted, BASE)) return otherwise;
  const url = new URL(wanted, BASE);
  return url.origin === BASE && !url.pathname.startsWith("//") ? url.pathname + url.search : otherwise;
}
