import type { Task } from "@/gen/errand/v1/task_pb";

import type { Clock } from "./day";
import type { TaskLedger } from "./ledger";
import { comparison } from "./order";
import { insert, type PageStart, type TaskPage } from "./pages";
import type { ListQuery } from "./types";
import { membership } from "./view-filter";

/** A page as the server answered. */
export interface PageRead {
  start: PageStart;
  /** The ledger's mark from before the server was asked. */
  mark: number;
  tasks: readonly Task[];
  nextPageToken: string;
}

/**
 * Puts right a page that was read before something happened and arrives after it: each task in its latest state, without
 * those that no longer belong to the list, and with those that have come to it.
 */
export function correctPage(read: PageRead, ledger: TaskLedger, query: ListQuery, clock: Clock): TaskPage {
  const compare = comparison(query.sort);
  const isMember = membership(query, clock);
  const end = read.tasks.at(-1);
  let tasks: Task[] = [];
  const late: Task[] = [];
  for (const task of read.tasks) {
    ledger.record(task);
    const shown = ledger.shown(task.id);
    // What the server found is not doubted, unless something else is known of the task.
    if (shown?.version === task.version && shown === ledger.latest(task.id)) tasks.push(shown);
    else if (shown && isMember(shown)) late.push(shown);
  }
  const listed = new Set(read.tasks.map((task) => task.id));
  for (const id of ledger.changedSince(read.mark)) {
    const shown = listed.has(id) ? undefined : ledger.shown(id);
    if (shown && isMember(shown)) late.push(shown);
  }
  const reaches = (task: Task) =>
    (!read.start.after || compare(task, read.start.after) > 0) &&
    (!read.nextPageToken || (end !== undefined && compare(task, end) <= 0));
  for (const task of late) if (reaches(task)) tasks = insert(tasks, task, compare);
  return { tasks, nextPageToken: read.nextPageToken, ...(end && { end }) };
}
