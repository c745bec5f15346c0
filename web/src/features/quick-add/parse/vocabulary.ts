import type { WeekdayNumber } from "@/components/calendar";

import type { Language } from "./types";

/** Words of one language, each a pattern without groups that capture. */
export interface Vocabulary {
  weekdays: readonly [WeekdayNumber, string][];
  months: readonly string[];
  numbers: Record<string, number>;
}

export const ENGLISH: Vocabulary = {
  weekdays: [
    [1, "mon(?:days?)?"],
    [2, "tue(?:s|sdays?)?"],
    [3, "wed(?:nesdays?)?"],
    [4, "thu(?:rs|rsdays?)?"],
    [5, "fri(?:days?)?"],
    [6, "sat(?:urdays?)?"],
    [7, "sun(?:days?)?"],
  ],
  months:
    "jan(?:uary)? feb(?:ruary)? mar(?:ch)? apr(?:il)? may june? july? aug(?:ust)? sep(?:t|tember)? oct(?:ober)? nov(?:ember)? dec(?:ember)?".split(
      " ",
    ),
  numbers: numbered("one two three four five six seven eight nine ten eleven twelve"),
};

export const GERMAN: Vocabulary = {
  weekdays: [
    [1, "mo(?:ntags?)?"],
    [2, "di(?:enstags?)?"],
    [3, "mi(?:ttwochs?)?"],
    [4, "do(?:nnerstags?)?"],
    [5, "fr(?:eitags?)?"],
    [6, "sa(?:mstags?)?|sonnabends?"],
    [7, "so(?:nntags?)?"],
  ],
  months:
    "jan(?:uar)? feb(?:ruar)? märz apr(?:il)? mai juni? juli? aug(?:ust)? sept?(?:ember)? okt(?:ober)? nov(?:ember)? dez(?:ember)?".split(
      " ",
    ),
  numbers: numbered("ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"),
};

export const ARABIC: Vocabulary = {
  weekdays: [
    [1, "(?:ال)?[إا]ثنين"],
    [2, "(?:ال)?ثلاثاء"],
    [3, "(?:ال)?[أا]ربعاء"],
    [4, "(?:ال)?خميس"],
    [5, "(?:ال)?جمعة"],
    [6, "(?:ال)?سبت"],
    [7, "(?:ال)?[أا]حد"],
  ],
  months: [],
  numbers: numbered("واحد اثنين ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة"),
};

export const VOCABULARIES: Record<Language, Vocabulary> = { en: ENGLISH, de: GERMAN, ar: ARABIC };

/** A pattern of one weekday. */
export function anyWeekday({ weekdays }: Vocabulary): string {
  return `(?:${weekdays.map(([, word]) => word).join("|")})`;
}

/** The weekdays that a list of them names. */
export function weekdaysIn(text: string, vocabulary: Vocabulary): WeekdayNumber[] {
  const found: WeekdayNumber[] = [];
  for (const word of text.toLowerCase().split(/[\s,،&+./]+/u)) {
    // The Arabic and is one with its word.
    for (const candidate of [word, word.replace(/^و/u, "")]) {
      const weekday = vocabulary.weekdays.find(([, pattern]) => new RegExp(`^(?:${pattern})$`, "iu").test(candidate));
      if (weekday && !found.includes(weekday[0])) found.push(weekday[0]);
    }
  }
  return found;
}

/** The number that digits, Arabic ones too, or a word mean. */
export function numberOf(text: string, vocabulary: Vocabulary): number | undefined {
  const plain = text.toLowerCase().replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660));
  if (/^\d{1,4}$/.test(plain)) return Number(plain);
  return vocabulary.numbers[plain];
}

function numbered(words: string): Record<string, number> {
  return Object.fromEntries(words.split(" ").map((word, index) => [word, index + 1]));
}
