import type { Task } from "@/gen/errand/v1/task_pb";

/** Which tasks are selected, and where a range would begin. */
export interface Selection {
  ids: ReadonlySet<string>;
  anchor: string | undefined;
}

export const NOTHING_SELECTED: Selection = { ids: new Set(), anchor: undefined };

/** Selects a task, or takes it out. */
export function toggled(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/** Selects all from the anchor to a task, in the order of the list. */
export function extended(selection: Selection, id: string, tasks: readonly Task[]): Selection {
  const to = tasks.findIndex((task) => task.id === id);
  const from = tasks.findIndex((task) => task.id === selection.anchor);
  if (to < 0) return selection;
  const start = from < 0 ? to : from;
  const range = tasks.slice(Math.min(start, to), Math.max(start, to) + 1).map((task) => task.id);
  return { ids: new Set([...selection.ids, ...range]), anchor: selection.anchor ?? id };
}

/** Selects every task of the list as far as it is read. */
export function all(tasks: readonly Task[]): Selection {
  return { ids: new Set(tasks.map((task) => task.id)), anchor: tasks[0]?.id };
}

/** The selected tasks that the list still has, in its order. */
export function selectedTasks(selection: Selection, tasks: readonly Task[]): Task[] {
  return selection.ids.size === 0 ? [] : tasks.filter((task) => selection.ids.has(task.id));
}
