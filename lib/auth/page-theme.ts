import "server-only";
import { cookies } from "next/headers";
import { maybePageViewer } from "@/lib/access/page-viewer";
import { isTheme, THEME_COOKIE, type Theme } from "@/lib/base/theme";

/** The theme of a page: the person's own, or what this browser was told before they signed in. Known before the first byte, so nothing flashes. */
export async function pageTheme(): Promise<Theme> {
  const viewer = await maybePageViewer();
  if (isTheme(viewer?.theme)) return viewer.theme;
  const chosen = (await cookies()).get(THEME_COOKIE)?.value;
  return isTheme(chosen) ? chosen : "system";
}
