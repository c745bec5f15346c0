import { TaskView } from "@/features/tasks/views/task-view";

export default function Overdue() {
  return <TaskView view="overdue" />;
}
