/** "system" follows the device. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_COOKIE = "theme";

export const isTheme = (value: string | null | undefined): value is Theme => THEMES.some((known) => known === value);
