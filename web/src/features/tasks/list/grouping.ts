import type { IsoDate } from "@/components/calendar";
import type { Task } from "@/gen/errand/v1/task_pb";

import { identityOf } from "../data/identity";

/** A line of the list: a task, or the heading of a day before its first one. */
export type Line =
  { kind: "task"; key: string; task: Task; index: number } | { kind: "day"; key: string; day: IsoDate };

/** The lines of a list. With days, a heading comes before each day's first task; the order of the tasks stays. */
export function linesOf(tasks: readonly Task[], dayOf?: (task: Task) => IsoDate | undefined): Line[] {
  const lines: Line[] = [];
  let current: IsoDate | undefined;
  tasks.forEach((task, index) => {
    const day = dayOf?.(task);
    if (day !== undefined && day !== current) {
      lines.push({ kind: "day", key: `day-${day}`, day });
      current = day;
    }
    lines.push({ kind: "task", key: identityOf(task.id), task, index });
  });
  return lines;
}
