import type { MessageInitShape } from "@bufbuild/protobuf";
import type { TimestampSchema } from "@bufbuild/protobuf/wkt";

import { Priority } from "@/gen/errand/v1/task_pb";
import type { DateSchema } from "@/gen/google/type/date_pb";
import { parseDate, parseMoment } from "@/server/rest/moment";
import { InvalidRequest, type Problem } from "@/server/rest/problem";

export type Moment = MessageInitShape<typeof TimestampSchema>;
export type CalendarDate = MessageInitShape<typeof DateSchema>;

/** What a body says of a task. What it does not say is `undefined`; what it clears is `null` or empty. */
export interface TaskFields {
  title?: string | undefined;
  description?: string | undefined;
  priority?: Priority | undefined;
  category?: string | undefined;
  tags?: string[] | undefined;
  dueDate?: Moment | null | undefined;
  recurringRule?: string | undefined;
  recurringEndDate?: CalendarDate | null | undefined;
  reminderAt?: Moment | null | undefined;
}

/** What a new task cannot do without. */
export const REQUIRED_OF_A_NEW_TASK = ["title", "priority", "category"] as const;

/**
 * Reads what a body says of a task: camelCase names, or snake_case ones where there is no other. What it does not know
 * it passes over, so that a task can be sent back as it was read.
 *
 * @throws {InvalidRequest} naming every field that is missing or of a wrong type
 */
export function readTaskFields(body: unknown, required: readonly string[] = []): TaskFields {
  if (!isObject(body)) throw new InvalidRequest([NOT_AN_OBJECT(body)]);
  const fields = new Fields(body);
  for (const name of required) fields.require(name);
  const read: TaskFields = {
    title: fields.text("title"),
    description: fields.clearableText("description"),
    priority: fields.priority("priority"),
    category: fields.category("category"),
    tags: fields.texts("tags"),
    dueDate: fields.time("dueDate", parseMoment),
    recurringRule: fields.clearableText("recurringRule"),
    recurringEndDate: fields.time("recurringEndDate", parseDate),
    reminderAt: fields.time("reminderAt", parseMoment),
  };
  if (fields.problems.length > 0) throw new InvalidRequest(fields.problems);
  return read;
}

/** The name under which a body gives a field, and what it gives. */
export function givenField(body: unknown, name: string): { name: string; value: unknown } | undefined {
  if (!isObject(body)) return undefined;
  const found = [name, snakeCase(name)].find((key) => Object.hasOwn(body, key));
  return found === undefined ? undefined : { name: found, value: body[found] };
}

const PRIORITIES = new Map([
  ["low", Priority.LOW],
  ["medium", Priority.MEDIUM],
  ["high", Priority.HIGH],
]);

/** The priority that a word names, whatever its case. */
export function priorityOf(word: string): Priority | undefined {
  return PRIORITIES.get(word.trim().toLowerCase());
}

export const PRIORITY_EXPECTED = "Input should be 'low', 'medium' or 'high'";

/** Reads fields one by one and remembers what was wrong with them. */
class Fields {
  readonly problems: Problem[] = [];

  constructor(private readonly body: Record<string, unknown>) {}

  require(name: string) {
    if (givenField(this.body, name) === undefined) {
      this.problems.push({ type: "missing", loc: ["body", name], msg: "Field required", input: this.body });
    }
  }

  text(name: string): string | undefined {
    return this.read(name, (value) => (typeof value === "string" ? value : NOT_A_TEXT));
  }

  clearableText(name: string): string | undefined {
    return this.read(name, (value) => {
      if (value === null) return "";
      return typeof value === "string" ? value : NOT_A_TEXT;
    });
  }

  texts(name: string): string[] | undefined {
    return this.read<string[]>(name, (value) => {
      if (value === null) return [];
      if (!Array.isArray(value)) return { type: "list_type", msg: "Input should be a valid list" };
      const wrong = value.findIndex((entry) => typeof entry !== "string");
      return wrong < 0 ? value.map(String) : { ...NOT_A_TEXT, index: wrong };
    });
  }

  priority(name: string): Priority | undefined {
    return this.read(name, (value) => {
      if (typeof value !== "string") return NOT_A_TEXT;
      return priorityOf(value) ?? { type: "enum", msg: PRIORITY_EXPECTED };
    });
  }

  /** Which ones there are is the service's to say; to it an empty one is one not given. */
  category(name: string): string | undefined {
    return this.read(name, (value) => {
      if (typeof value !== "string") return NOT_A_TEXT;
      return value.trim() === "" ? { type: "value_error", msg: `${name} must not be empty` } : value;
    });
  }

  time<T extends object>(name: string, parse: (text: string) => T | undefined): T | null | undefined {
    return this.read(name, (value) => {
      if (value === null) return null;
      if (typeof value !== "string") return NOT_A_TIME;
      return value.trim() === "" ? null : (parse(value) ?? NOT_A_TIME);
    });
  }

  private read<T>(name: string, parse: (value: unknown) => T | Fault): T | undefined {
    const given = givenField(this.body, name);
    if (given === undefined) return undefined;
    const parsed = parse(given.value);
    if (!isFault(parsed)) return parsed;
    const { type, msg, index } = parsed;
    const input: unknown = index === undefined ? given.value : (given.value as unknown[])[index];
    this.problems.push({ type, loc: ["body", given.name, ...(index === undefined ? [] : [index])], msg, input });
    return undefined;
  }
}

interface Fault {
  readonly type: string;
  readonly msg: string;
  /** Which entry of a list it is. */
  readonly index?: number;
}

function isFault(value: unknown): value is Fault {
  return isObject(value) && "msg" in value;
}

const NOT_A_TEXT: Fault = { type: "string_type", msg: "Input should be a valid string" };
const NOT_A_TIME: Fault = {
  type: "datetime_from_date_parsing",
  msg: "Input should be a valid date or time such as 2030-12-31 or 2030-12-31T09:00:00Z",
};

const NOT_AN_OBJECT = (input: unknown): Problem => ({
  type: "model_attributes_type",
  loc: ["body"],
  msg: "Input should be a valid dictionary or object to extract fields from",
  input,
});

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
