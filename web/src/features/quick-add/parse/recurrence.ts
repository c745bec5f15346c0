import type { Mode } from "@/features/recurrence/describe";
import type { Rule } from "@/features/recurrence/rule";

import type { Line } from "./line";
import type { Phrase } from "./phrases";
import { ARABIC_PHRASES } from "./recurrence-arabic";
import { ENGLISH_PHRASES } from "./recurrence-english";
import { GERMAN_PHRASES } from "./recurrence-german";
import type { ClockTime, Language } from "./types";
import { numberOf, VOCABULARIES } from "./vocabulary";

/** What was read of how a task comes back. An end is a date, which the reader of dates finds. */
export interface ReadRecurrence {
  rule: Rule;
  mode: Mode;
  time: ClockTime | null;
}

/** Reads how a task comes back. Only the first phrase counts: a task has one rule. */
export function readRecurrence(line: Line, language: Language): ReadRecurrence | null {
  const read = readPhrase(line, language);
  if (!read) return null;
  const count = readFollower(line, COUNTS[language]);
  const times = count && numberOf(count[1] ?? "", VOCABULARIES[language]);
  if (times) read.rule = { ...read.rule, word: false, count: times };
  if (readFollower(line, COMPLETIONS[language])) read.mode = "from_completion";
  return read;
}

function readPhrase(line: Line, language: Language): ReadRecurrence | null {
  // English is understood in every language: it is what many type.
  const phrases = language === "en" ? PHRASES.en : [...PHRASES[language], ...PHRASES.en];
  for (const [pattern, meaning] of phrases) {
    for (const match of line.rest.matchAll(wholeWords(pattern))) {
      const found = meaning(match);
      const end = match.index + match[0].length;
      if (!found || !isSensible(found.rule) || (found.adverb && !mayFollow(line, end, language))) continue;
      if (!line.take("recurrence", match.index, end)) continue;
      return { rule: found.rule, mode: found.bang ? "from_completion" : "skip_missed", time: found.time ?? null };
    }
  }
  return null;
}

/** Reads more of a rule, after it. */
function readFollower(line: Line, pattern: string): RegExpExecArray | null {
  const match = wholeWords(pattern).exec(line.rest);
  return match && line.take("recurrence", match.index, match.index + match[0].length) ? match : null;
}

function isSensible(rule: Rule): boolean {
  const days = rule.monthDays.every((day) => day !== 0 && Math.abs(day) <= 31);
  return days && rule.interval >= 1 && rule.months.every((month) => month >= 1);
}

/** Whether what follows a word such as daily is the end, or more of when: `water plants daily at 9`. */
function mayFollow(line: Line, end: number, language: Language): boolean {
  return line.endsAt(end) || new RegExp(`^\\s+(?:${FOLLOWERS[language]})(?!\\p{L})`, "iu").test(line.rest.slice(end));
}

function wholeWords(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, "giu");
}

const PHRASES: Record<Language, readonly Phrase[]> = { en: ENGLISH_PHRASES, de: GERMAN_PHRASES, ar: ARABIC_PHRASES };
const FOLLOWERS: Record<Language, string> = {
  en: "at|on|from|starting|until|till|for|in|by|after|\\d{1,2}(?::\\d{2})?|\uE000+",
  de: "um|am|ab|bis|von|nach|\\d{1,2}(?::\\d{2})?|\uE000+",
  ar: "في|الساعة|من|حتى|\uE000+",
};
const COUNTS: Record<Language, string> = {
  en: "(?:for\\s+)?(\\d{1,4}|two|three|four|five|six|seven|eight|nine|ten)\\s+times",
  de: "(\\d{1,4}|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn)\\s*(?:mal|×)",
  ar: "([\\d٠-٩]{1,4})\\s+(?:مرات|مرة)",
};
const COMPLETIONS: Record<Language, string> = {
  en: "(?:after|from|upon)\\s+(?:completion|completing|i(?:'|’)m\\s+done)",
  de: "(?:nach|ab)\\s+(?:der\\s+)?erledigung",
  ar: "بعد\\s+(?:الإنجاز|الانجاز)",
};
