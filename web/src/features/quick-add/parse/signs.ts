import type { Line } from "./line";
import type { CategoryName, PriorityName } from "./types";

export interface Signs {
  priority: PriorityName | null;
  category: CategoryName | null;
  tags: string[];
}

/** Reads `!high`, `p1`, `#home` and `#any-tag`. Categories and priorities are known by their names in every language. */
export function readSigns(line: Line): Signs {
  const signs: Signs = { priority: null, category: null, tags: [] };
  for (const match of line.text.matchAll(/(?<=^|\s)(?:!([\p{L}\d]+)|(p[1-3]))(?=$|\s|[,.;،])/giu)) {
    const priority = PRIORITIES[(match[1] ?? match[2] ?? "").toLowerCase()];
    if (priority && line.take("priority", match.index, match.index + match[0].length)) signs.priority = priority;
  }
  for (const match of line.text.matchAll(/(?<=^|\s)#([\p{L}\p{N}][\p{L}\p{N}\p{M}_/-]{0,49})/gu)) {
    const name = (match[1] ?? "").toLowerCase();
    const category = CATEGORIES[name];
    const end = match.index + match[0].length;
    if (category) {
      if (line.take("category", match.index, end)) signs.category = category;
    } else if (!/^\d+$/.test(name) && signs.tags.length < MAX_TAGS && line.take("tag", match.index, end)) {
      if (!signs.tags.includes(name)) signs.tags.push(name);
    }
  }
  return signs;
}

const PRIORITIES: Record<string, PriorityName | undefined> = {
  ...names("high", "1 p1 high hoch wichtig dringend urgent عالية عالي مرتفعة مهم"),
  ...names("medium", "2 p2 medium normal mittel متوسطة متوسط"),
  ...names("low", "3 p3 low niedrig gering منخفضة منخفض"),
};

const CATEGORIES: Record<string, CategoryName | undefined> = {
  ...names("work", "work arbeit beruf عمل العمل"),
  ...names("personal", "personal persönlich privat شخصي"),
  ...names("home", "home zuhause haushalt haus منزل المنزل بيت البيت"),
  ...names("other", "other sonstiges أخرى"),
};

function names<Value>(value: Value, words: string): Record<string, Value> {
  return Object.fromEntries(words.split(" ").map((word) => [word, value]));
}

const MAX_TAGS = 10;
