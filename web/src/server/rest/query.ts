import { TaskStatus, type Priority } from "@/gen/errand/v1/task_pb";
import { PRIORITY_EXPECTED, priorityOf } from "@/server/rest/body";
import { InvalidRequest, type Problem } from "@/server/rest/problem";

/** The most tasks that a list without a limit has, and that a limit may ask for. */
export const MOST_TASKS = 10_000;

/** How far into a list an offset may reach: every entry before it is read. */
const FURTHEST = 100_000;

/** Which tasks, in which order, and which part of them. */
export interface TaskListQuery {
  readonly status: TaskStatus | undefined;
  readonly priority: Priority | undefined;
  readonly category: string | undefined;
  readonly search: string;
  readonly orderBy: string;
  readonly limit: number;
  readonly offset: number;
}

/** Which notifications. */
export interface NotificationListQuery {
  readonly unreadOnly: boolean;
  readonly limit: number;
}

/** Which entries of the audit trail, and which part of them. */
export interface AuditQuery {
  readonly eventTypes: readonly string[];
  /** Whether there can be any: what is audited are tasks. */
  readonly isOfTasks: boolean;
  readonly taskId: string;
  readonly limit: number;
  readonly offset: number;
}

export function readTaskListQuery(parameters: URLSearchParams): TaskListQuery {
  return read(parameters, (query) => ({
    status: query.oneOf("status", STATUSES),
    priority: query.parsed("priority", priorityOf, PRIORITY_EXPECTED),
    category: query.text("category"),
    search: query.text("search") ?? "",
    orderBy: `${query.oneOf("sort_by", SORTS) ?? "created_at"}${query.oneOf("sort_order", ORDERS) ?? " desc"}`,
    limit: query.whole("limit", 1, MOST_TASKS) ?? MOST_TASKS,
    offset: query.whole("offset", 0, FURTHEST) ?? 0,
  }));
}

export function readNotificationListQuery(parameters: URLSearchParams): NotificationListQuery {
  return read(parameters, (query) => ({
    unreadOnly: query.parsed("unread_only", truth, NOT_A_TRUTH, "bool_parsing") ?? false,
    limit: query.whole("limit", 1, 100) ?? 50,
  }));
}

export function readAuditQuery(parameters: URLSearchParams): AuditQuery {
  return read(parameters, (query) => {
    const eventType = query.oneOf("event_type", EVENT_TYPES);
    return {
      eventTypes: eventType === undefined ? [...EVENT_TYPES.values()] : [eventType],
      isOfTasks: (query.text("entity_type") ?? "task").toLowerCase() === "task",
      taskId: query.text("entity_id") ?? "",
      limit: query.whole("limit", 1, 500) ?? 100,
      offset: query.whole("offset", 0, FURTHEST) ?? 0,
    };
  });
}

const STATUSES = new Map([
  ["pending", TaskStatus.PENDING],
  ["completed", TaskStatus.COMPLETED],
]);

const SORTS = new Map([
  ["createdAt", "created_at"],
  ["updatedAt", "updated_at"],
  ["dueDate", "due"],
  ["priority", "priority"],
  ["title", "title"],
  ["created_at", "created_at"],
  ["updated_at", "updated_at"],
  ["due_date", "due"],
]);

const ORDERS = new Map([
  ["asc", ""],
  ["desc", " desc"],
]);

const EVENT_TYPES = new Map(["created", "updated", "deleted", "completed"].map((word) => [word, `task.${word}`]));

const NOT_A_TRUTH = "Input should be a valid boolean, unable to interpret input";

const TRUE = new Set(["true", "1", "yes", "y", "on", "t"]);
const FALSE = new Set(["false", "0", "no", "n", "off", "f"]);

function truth(word: string): boolean | undefined {
  if (TRUE.has(word.toLowerCase())) return true;
  return FALSE.has(word.toLowerCase()) ? false : undefined;
}

function read<T>(parameters: URLSearchParams, parse: (query: Query) => T): T {
  const query = new Query(parameters);
  const parsed = parse(query);
  if (query.problems.length > 0) throw new InvalidRequest(query.problems);
  return parsed;
}

/** Reads parameters one by one and remembers what was wrong with them. An empty one counts as not given. */
class Query {
  readonly problems: Problem[] = [];

  constructor(private readonly parameters: URLSearchParams) {}

  text(name: string): string | undefined {
    const value = this.parameters.get(name)?.trim();
    return value === "" ? undefined : value;
  }

  parsed<T>(name: string, parse: (text: string) => T | undefined, expected: string, type = "enum"): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) this.problems.push({ type, loc: ["query", name], msg: expected, input: text });
    return value;
  }

  oneOf<T>(name: string, choices: ReadonlyMap<string, T>): T | undefined {
    const words = [...choices.keys()].map((word) => `'${word}'`);
    const expected = `Input should be ${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
    return this.parsed(name, (text) => choices.get(text) ?? choices.get(text.toLowerCase()), expected);
  }

  whole(name: string, least: number, most: number): number | undefined {
    const expected = "Input should be a valid integer, unable to parse string as an integer";
    const integer = (text: string) => (/^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined);
    const value = this.parsed(name, integer, expected, "int_parsing");
    if (value === undefined || (value >= least && value <= most)) return value;
    const [type, than, bound] =
      value < least
        ? (["greater_than_equal", "greater", least] as const)
        : (["less_than_equal", "less", most] as const);
    const msg = `Input should be ${than} than or equal to ${bound}`;
    this.problems.push({ type, loc: ["query", name], msg, input: this.text(name) });
    return undefined;
  }
}
