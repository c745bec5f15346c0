import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const LANGUAGES = ["en", "de", "ar"] as const;
const folder = new URL(".", import.meta.url);
const files = (language: string) => readdirSync(new URL(`${language}/`, folder)).sort();
const read = (language: string, file: string) =>
  flatten(JSON.parse(readFileSync(new URL(`${language}/${file}`, folder), "utf8")) as Tree);

test("every language has every file", () => {
  for (const language of LANGUAGES) expect(files(language)).toEqual(files("en"));
});

describe.each(files("en"))("%s", (file) => {
  const english = read("en", file);

  test.each(LANGUAGES)("has the same keys in %s", (language) => {
    expect([...read(language, file).keys()].sort()).toEqual([...english.keys()].sort());
  });

  test.each(LANGUAGES)("can be read, and takes the same arguments in %s", (language) => {
    for (const [key, text] of read(language, file)) {
      expect(text.trim(), key).not.toBe("");
      expect(argumentsOf(parsed(text)), key).toEqual(argumentsOf(parsed(english.get(key) ?? "")));
    }
  });

  test.each(LANGUAGES)("has the plural forms of %s", (language) => {
    for (const [key, text] of read(language, file)) {
      for (const { ordinal, forms } of pluralsOf(parsed(text))) {
        const rules = new Intl.PluralRules(language, { type: ordinal ? "ordinal" : "cardinal" });
        const wanted = rules.resolvedOptions().pluralCategories;
        expect(forms.filter((form) => !form.startsWith("=")).sort(), key).toEqual([...wanted].sort());
      }
    }
  });
});

interface Tree {
  [key: string]: string | Tree;
}

function flatten(tree: Tree, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[prefix + key, value] as const] : [...flatten(value, `${prefix}${key}.`)],
    ),
  );
}

function parsed(text: string): MessageFormatElement[] {
  return parse(text, { requiresOtherClause: true });
}

/** Each argument with its kind, and the values among which a select chooses: `count plural`, `kind select a|other`. */
function argumentsOf(elements: MessageFormatElement[]): string[] {
  const found = new Set<string>();
  visit(elements, (element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return;
    const kind = TYPE[element.type];
    const values = element.type === TYPE.select ? ` ${Object.keys(element.options).sort().join("|")}` : "";
    found.add(`${element.value} ${kind}${values}`);
  });
  return [...found].sort();
}

function pluralsOf(elements: MessageFormatElement[]): { ordinal: boolean; forms: string[] }[] {
  const found: { ordinal: boolean; forms: string[] }[] = [];
  visit(elements, (element) => {
    if (element.type !== TYPE.plural) return;
    found.push({ ordinal: element.pluralType === "ordinal", forms: Object.keys(element.options) });
  });
  return found;
}

function visit(elements: MessageFormatElement[], visitor: (element: MessageFormatElement) => void): void {
  for (const element of elements) {
    visitor(element);
    if (element.type === TYPE.tag) visit(element.children, visitor);
    if (element.type === TYPE.plural || element.type === TYPE.select) {
      for (const option of Object.values(element.options)) visit(option.value, visitor);
    }
  }
}
