/** How the page looks: as chosen, or as the device does. */
export type Theme = "light" | "dark" | "system";

export const THEMES: readonly Theme[] = ["light", "dark", "system"];

/** The cookie by which the server draws the page in the chosen theme from the start. */
export const THEME_COOKIE = "errand_theme";

/** The theme of a cookie's value: that of the device where it has none. */
export function themeOf(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? "system";
}
