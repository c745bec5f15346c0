import type { InfiniteData } from "@tanstack/react-query";

import type { Task } from "@/gen/errand/v1/task_pb";

import type { Compare } from "./order";

/** Where a page begins: the server's token, and the last task of the page before as it was then. */
export interface PageStart {
  token: string;
  after?: Task;
}

/** Tasks in order, as read and as changed since. */
export interface TaskPage {
  tasks: readonly Task[];
  /** The last task as it was read: what comes after it is on the next page, if there is one. */
  end?: Task;
  nextPageToken: string;
}

export type TaskPages = InfiniteData<TaskPage, PageStart>;

export const FIRST_PAGE: PageStart = { token: "" };

export function nextPage(page: TaskPage): PageStart | undefined {
  if (!page.nextPageToken) return undefined;
  return page.end ? { token: page.nextPageToken, after: page.end } : { token: page.nextPageToken };
}

/** All that is read, in order, each task once. */
export function tasksOf(pages: TaskPages): Task[] {
  const seen = new Set<string>();
  return pages.pages.flatMap((page) => page.tasks.filter((task) => !seen.has(task.id) && seen.add(task.id)));
}

export function findTask(pages: TaskPages, id: string): Task | undefined {
  for (const page of pages.pages) {
    const found = page.tasks.find((task) => task.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Puts a task where it belongs, unless that is beyond what is read: then it comes with the next page. */
export function placeTask(pages: TaskPages, task: Task, compare: Compare): TaskPages {
  const without = withoutTask(pages, task.id);
  const index = without.pages.findIndex((page, at) => {
    const isLast = at === without.pages.length - 1;
    if (isLast && !page.nextPageToken) return true;
    return page.end !== undefined && compare(task, page.end) <= 0;
  });
  const page = without.pages[index];
  if (!page) return without;
  return withPage(without, index, { ...page, tasks: insert(page.tasks, task, compare) });
}

/** Exactly the same pages if it is in none. */
export function withoutTask(pages: TaskPages, id: string): TaskPages {
  let result = pages;
  pages.pages.forEach((page, index) => {
    if (page.tasks.some((task) => task.id === id)) {
      result = withPage(result, index, { ...page, tasks: page.tasks.filter((task) => task.id !== id) });
    }
  });
  return result;
}

/** Puts a task in its place among others that are in order. */
export function insert(tasks: readonly Task[], task: Task, compare: Compare): Task[] {
  let [low, high] = [0, tasks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = tasks[middle];
    if (other && compare(other, task) < 0) low = middle + 1;
    else high = middle;
  }
  return [...tasks.slice(0, low), task, ...tasks.slice(low)];
}

function withPage(pages: TaskPages, index: number, page: TaskPage): TaskPages {
  return { ...pages, pages: pages.pages.with(index, page) };
}
