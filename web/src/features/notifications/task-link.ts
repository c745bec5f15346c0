/** The address at which a task is open. It lies in the view of all tasks, which has the done ones too. */
export function taskHref(taskId: string): string {
  return `/tasks?task=${encodeURIComponent(taskId)}`;
}
