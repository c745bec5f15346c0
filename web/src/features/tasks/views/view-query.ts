import { Priority } from "@/gen/errand/v1/task_pb";

import { VIEWS, type ListQuery, type Sort, type SortField, type View } from "../data/types";

/** What of a view stands in its address. */
export type ViewFilter = Omit<ListQuery, "view">;

export const CATEGORIES = ["work", "personal", "home", "other"] as const;
export const PRIORITIES = ["high", "medium", "low"] as const;
export type Category = (typeof CATEGORIES)[number];
export type PriorityName = (typeof PRIORITIES)[number];

/** What a view can be sorted by, each from the end that one wants first. */
export const SORTS: readonly Sort[] = ["due", "-priority", "title", "-created", "-updated"];

/** The addresses of the views. */
export const VIEW_PATHS: Record<View, string> = {
  today: "/today",
  upcoming: "/upcoming",
  overdue: "/overdue",
  all: "/tasks",
  completed: "/completed",
  trash: "/trash",
};

/** The view that a path shows. */
export function viewOfPath(path: string): View | undefined {
  return VIEWS.find((view) => VIEW_PATHS[view] === path);
}

/** The sort that a view has unless its address says another. */
export function usualSort(view: View): Sort {
  if (view === "all") return "-created";
  return view === "completed" || view === "trash" ? "-updated" : "due";
}

/** Reads what an address asks for; what it can't mean is left out. */
export function readFilter(view: View, parameters: URLSearchParams): ViewFilter {
  const search = (parameters.get("q") ?? "").trim().slice(0, MAX_SEARCH);
  const priorities = listOf(parameters, "priority")
    .map((name) => priorityOf(name))
    .filter((each) => each !== undefined);
  return {
    ...(search && { search }),
    priorities: [...new Set(priorities)],
    categories: listOf(parameters, "category").filter((name) => (CATEGORIES as readonly string[]).includes(name)),
    tags: listOf(parameters, "tag").slice(0, MAX_TAGS),
    sort: readSort(parameters.get("sort")) ?? usualSort(view),
  };
}

/** The address's parameters for a filter. Those that say nothing, or have nothing to do with it, stay as they are. */
export function writeFilter(view: View, filter: ViewFilter, current: URLSearchParams): URLSearchParams {
  const parameters = new URLSearchParams(current);
  const set = (name: string, value: string) => {
    if (value) parameters.set(name, value);
    else parameters.delete(name);
  };
  set("q", filter.search ?? "");
  set("priority", filter.priorities.map(priorityName).join(","));
  set("category", filter.categories.join(","));
  set("tag", filter.tags.join(","));
  set("sort", filter.sort === usualSort(view) ? "" : filter.sort);
  return parameters;
}

/** How many filters are set, the search aside. */
export function filterCount({ priorities, categories, tags }: ViewFilter): number {
  return priorities.length + categories.length + tags.length;
}

/** The name that a priority has in addresses and texts. */
export function priorityName(priority: Priority): PriorityName {
  if (priority === Priority.HIGH) return "high";
  return priority === Priority.LOW ? "low" : "medium";
}

export function priorityOf(name: string): Priority | undefined {
  return { high: Priority.HIGH, medium: Priority.MEDIUM, low: Priority.LOW }[name];
}

function readSort(text: string | null): Sort | undefined {
  const field = text?.replace(/^-/, "");
  return text && SORT_FIELDS.includes(field as SortField) ? (text as Sort) : undefined;
}

function listOf(parameters: URLSearchParams, name: string): string[] {
  const values = (parameters.get(name) ?? "").split(",").map((value) => value.trim().toLowerCase());
  return [...new Set(values.filter((value) => value !== ""))];
}

const SORT_FIELDS: readonly SortField[] = ["created", "updated", "due", "priority", "title"];
const MAX_SEARCH = 200;
const MAX_TAGS = 10;
