import type { ParsedResult } from "chrono-node";

import type { Language } from "./types";

/** What is used of chrono: one language's reader of dates. */
export interface DateReader {
  parse(text: string, reference: Date, options: { forwardDate: boolean }): ParsedResult[];
}

/** Loads the readers of a language, which are large. English is among them: it is what many type. */
export async function loadDateReaders(language: Language, dayFirst: boolean): Promise<readonly DateReader[]> {
  const { casual, GB } = await import("chrono-node/en");
  const english = dayFirst ? GB : casual;
  if (language === "de") return [(await import("chrono-node/de")).casual, english];
  if (language === "ar") return [(await import("chrono-node/ar")).casual, english];
  return [english];
}
