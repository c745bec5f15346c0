import { TaskStatus, type Task } from "@/gen/errand/v1/task_pb";

import { dueWithin, passedBy, today, type Clock } from "./day";

/** Counts of the tasks outside the trash. */
export interface TaskStats {
  total: number;
  pending: number;
  completed: number;
  overdue: number;
  dueToday: number;
}

/** The counts once a task has gone from one state to another; `undefined` where it was not, or is no more. */
export function movedStats(
  stats: TaskStats,
  before: Task | undefined,
  after: Task | undefined,
  clock: Clock,
): TaskStats {
  const [less, more] = [countOf(before, clock), countOf(after, clock)];
  const moved = (name: keyof TaskStats) => Math.max(0, stats[name] - less[name] + more[name]);
  return {
    total: moved("total"),
    pending: moved("pending"),
    completed: moved("completed"),
    overdue: moved("overdue"),
    dueToday: moved("dueToday"),
  };
}

function countOf(task: Task | undefined, clock: Clock): TaskStats {
  const counted = task !== undefined && task.deletedAt === undefined;
  const pending = counted && task.status === TaskStatus.PENDING;
  const due = pending ? task.due : undefined;
  const day = today(clock);
  return {
    total: Number(counted),
    pending: Number(pending),
    completed: Number(counted && !pending),
    overdue: Number(due !== undefined && passedBy(clock)(due)),
    dueToday: Number(due !== undefined && dueWithin({ first: day, last: day }, clock.zone)(due)),
  };
}
