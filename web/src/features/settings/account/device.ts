/** What signed in, as far as it says so itself. */
export interface Device {
  browser: string | undefined;
  system: string | undefined;
  kind: "phone" | "computer" | "program";
}

/** Reads browser and system from a User-Agent. Names are those of the makers, the same in every language. */
export function deviceOf(userAgent: string | null | undefined): Device {
  const text = userAgent ?? "";
  const browser = BROWSERS.find(([pattern]) => pattern.test(text))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(text))?.[1];
  const program = /^(curl|python|Go-http|node|okhttp|PostmanRuntime)\b/i.exec(text)?.[1];
  if (program) return { browser: program, system, kind: "program" };
  return { browser, system, kind: /Mobile|Android|iPhone|iPad/.test(text) ? "phone" : "computer" };
}

/** Browsers name those they descend from, so the descendants come first. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\bHeadlessChrome\//, "Chrome"],
  [/\b(Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux|X11/, "Linux"],
];
