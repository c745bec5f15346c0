import { TaskView } from "@/features/tasks/views/task-view";

export default function Trash() {
  return <TaskView view="trash" />;
}
