/** The languages that all text is there in, the first for whoever reads none of them. */
export const LANGUAGES = ["en", "de", "ar"] as const;

export type Language = (typeof LANGUAGES)[number];

/** The cookie by which the server speaks the chosen language from the start. */
export const LANGUAGE_COOKIE = "errand_language";

/** Which way a language is written. */
export function directionOf(language: string): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}

/** The language of a tag such as `de-AT`, if it is one of ours. */
export function languageOf(tag: string | undefined): Language | undefined {
  const primary = tag?.trim().toLowerCase().split("-")[0];
  return LANGUAGES.find((language) => language === primary);
}

/** The first of the browser's languages that is one of ours, by the weights of `Accept-Language`. */
export function acceptedLanguage(header: string | null): Language | undefined {
  const ranges = (header ?? "").split(",").map((range, index) => {
    const [tag, ...parameters] = range.split(";");
    const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
    return { language: languageOf(tag), weight: weight === undefined ? 1 : Number(weight), index };
  });
  ranges.sort((one, other) => other.weight - one.weight || one.index - other.index);
  return ranges.find((range) => range.language && range.weight > 0)?.language;
}
