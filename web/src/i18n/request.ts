import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { AbstractIntlMessages } from "next-intl";
import { getRequestConfig } from "next-intl/server";
import { cookies, headers } from "next/headers";

import { acceptedLanguage, LANGUAGE_COOKIE, type Language, languageOf } from "./languages";

/** The language of a request: as chosen, else as the browser prefers. */
export default getRequestConfig(async () => {
  const chosen = languageOf((await cookies()).get(LANGUAGE_COOKIE)?.value);
  const locale = chosen ?? acceptedLanguage((await headers()).get("accept-language")) ?? "en";
  return { locale, messages: await messagesOf(locale), timeZone: "UTC" };
});

const read = new Map<Language, Promise<AbstractIntlMessages>>();

/** All text in a language, by feature: each has a file of its own. */
function messagesOf(language: Language): Promise<AbstractIntlMessages> {
  const known = read.get(language) ?? readMessages(language);
  // While developing, text changes.
  if (process.env.NODE_ENV === "production") read.set(language, known);
  return known;
}

async function readMessages(language: Language): Promise<AbstractIntlMessages> {
  const folder = path.join(process.cwd(), "messages", language);
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json"));
  const features = files.map(async (file) => {
    const text = await readFile(path.join(folder, file), "utf8");
    return [path.basename(file, ".json"), JSON.parse(text) as AbstractIntlMessages] as const;
  });
  return Object.fromEntries(await Promise.all(features));
}
