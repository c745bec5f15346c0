import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";

import { Priority, ReminderState, TaskSchema, TaskStatus } from "@/gen/errand/v1/task_pb";
import { readTaskFields } from "@/server/rest/body";
import { dependsOnTask, newTask, patchOf } from "@/server/rest/task-message";
import { taskJson } from "@/server/rest/task-json";

const at = (text: string) => timestampFromDate(new Date(text));
const ids = ["0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d", "0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8e"] as const;

function task(fields: MessageInitShape<typeof TaskSchema> = {}) {
  return create(TaskSchema, {
    id: ids[0],
    title: "Pay rent",
    priority: Priority.HIGH,
    category: "home",
    status: TaskStatus.PENDING,
    createdAt: { seconds: 1_900_000_000n, nanos: 123_456_000 },
    updatedAt: at("2030-03-17T17:46:40Z"),
    ...(fields as object),
  });
}

const reminders = [
  { id: "sent", when: { case: "time" as const, value: at("2030-01-01T08:00:00Z") }, state: ReminderState.SENT },
  {
    id: "next",
    when: { case: "beforeDue" as const, value: { seconds: 3600n } },
    fireAt: at("2030-12-31T08:00:00Z"),
    state: ReminderState.SCHEDULED,
  },
  { id: "later", when: { case: "time" as const, value: at("2030-12-31T08:30:00Z") }, state: ReminderState.SCHEDULED },
];

const timed = { when: { case: "time" as const, value: at("2030-12-31T09:00:00Z") }, timeZone: "Europe/Berlin" };
const allDay = { when: { case: "date" as const, value: { year: 2030, month: 12, day: 31 } }, timeZone: "Asia/Tokyo" };

describe("a task in JSON", () => {
  it("has every key, with nulls where there is nothing", () => {
    expect(taskJson(task(), "ann")).toStrictEqual({
      id: ids[0],
      title: "Pay rent",
      description: null,
      priority: "high",
      category: "home",
      status: "pending",
      completed: false,
      dueDate: null,
      createdAt: "2030-03-17T17:46:40.123456Z",
      updatedAt: "2030-03-17T17:46:40Z",
      userId: "ann",
      recurringRule: null,
      recurringEndDate: null,
      parentTaskId: null,
      reminderAt: null,
      reminderSent: false,
      tags: [],
    });
  });

  it("has every value that there is", () => {
    const full = task({
      description: "all of it",
      status: TaskStatus.COMPLETED,
      priority: Priority.LOW,
      due: timed,
      recurringRule: "monthly",
      recurringEndDate: { year: 2031, month: 1, day: 5 },
      parentTaskId: ids[1],
      reminders: reminders.slice(0, 1),
      tags: ["money"],
    });
    expect(taskJson(full, "ann")).toMatchObject({
      description: "all of it",
      priority: "low",
      status: "completed",
      completed: true,
      dueDate: "2030-12-31T09:00:00Z",
      recurringRule: "monthly",
      recurringEndDate: "2031-01-05T00:00:00Z",
      parentTaskId: ids[1],
      reminderAt: "2030-01-01T08:00:00Z",
      reminderSent: true,
      tags: ["money"],
    });
  });

  it("shows a day as its midnight, and of several reminders the next", () => {
    const json = taskJson(task({ due: allDay, reminders }), "ann");
    expect(json).toMatchObject({
      dueDate: "2030-12-31T00:00:00Z",
      reminderAt: "2030-12-31T08:00:00Z",
      reminderSent: false,
    });
    const missed = { ...reminders[0], state: ReminderState.MISSED };
    expect(taskJson(task({ reminders: [missed] }), "ann").reminderSent).toBe(false);
  });
});

describe("a new task", () => {
  it("takes all that a body says", () => {
    const body = {
      title: " Pay rent ",
      priority: "HIGH",
      category: "Home",
      description: "x",
      dueDate: "2030-12-31",
      recurring_rule: "monthly",
      recurring_end_date: "2031-06-30T23:00:00Z",
      reminderAt: "2030-12-30T18:00",
      tags: ["Money"],
      user_id: "bob",
      completed: true,
      surprise: {},
    };
    expect(newTask(readTaskFields(body))).toEqual({
      title: " Pay rent ",
      priority: Priority.HIGH,
      category: "Home",
      description: "x",
      due: { when: { case: "time", value: at("2030-12-31T00:00:00Z") }, timeZone: "" },
      recurringRule: "monthly",
      recurringEndDate: expect.objectContaining({ year: 2031, month: 6, day: 30 }) as unknown,
      reminders: [{ when: { case: "time", value: at("2030-12-30T18:00:00Z") } }],
      tags: ["Money"],
    });
  });
});

describe("a change", () => {
  const patch = (body: unknown, present = task({ due: timed, reminders })) => patchOf(readTaskFields(body), present);

  it("names what the body names, and nothing else", () => {
    const body = { title: "x", description: null, priority: "low", category: "work", tags: null, recurringRule: null };
    const { task: values, paths } = patch({ ...body, id: "no", status: "completed", completed: true, userId: "bob" });
    expect(paths).toEqual(["title", "description", "priority", "category", "tags", "recurring_rule"]);
    expect(values).toEqual({
      title: "x",
      description: "",
      priority: Priority.LOW,
      category: "work",
      tags: [],
      recurringRule: "",
    });
  });

  it.each([null, ""])("clears dates by %j", (nothing) => {
    const { task: values, paths } = patch({ dueDate: nothing, recurringEndDate: nothing, reminderAt: nothing });
    expect(paths).toEqual(["due", "recurring_end_date", "reminders"]);
    expect(values).toEqual({ due: undefined, recurringEndDate: undefined, reminders: [] });
  });

  it("is none where a task comes back as it was shown", () => {
    for (const due of [timed, allDay]) {
      const present = task({ due, reminders });
      const { dueDate, reminderAt } = taskJson(present, "ann");
      expect(patch({ dueDate, reminderAt }, present).paths).toEqual([]);
    }
  });

  it("keeps the zone of a due, and a day a day", () => {
    const moved = patch({ dueDate: "2031-01-01T10:00:00Z" }).task.due;
    expect(moved).toEqual({ when: { case: "time", value: at("2031-01-01T10:00:00Z") }, timeZone: "Europe/Berlin" });
    const present = task({ due: allDay });
    expect(patch({ due_date: "2031-01-01" }, present).task.due).toMatchObject({
      when: { case: "date", value: { year: 2031, month: 1, day: 1 } },
      timeZone: "Asia/Tokyo",
    });
    expect(patch({ dueDate: "2031-01-01T10:00Z" }, present).task.due).toMatchObject({ when: { case: "time" } });
  });

  it("replaces the reminder that is shown, and keeps the others with what became of them", () => {
    const changed = patch({ reminder_at: "2030-12-31T07:00:00Z" });
    expect(changed.paths).toEqual(["reminders"]);
    expect(changed.task.reminders).toMatchObject([
      { id: "sent", state: ReminderState.SENT },
      { id: "later" },
      { when: { case: "time", value: at("2030-12-31T07:00:00Z") } },
    ]);
  });

  it("depends on the task where REST shows less than there is", () => {
    const depends = (body: unknown) => dependsOnTask(readTaskFields(body));
    expect([{ dueDate: "2030-12-31" }, { reminderAt: null }, { reminderAt: "2030-12-31" }].map(depends)).toEqual([
      true,
      true,
      true,
    ]);
    expect([{}, { title: "x" }, { dueDate: null }, { recurringEndDate: "2030-12-31" }].map(depends)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
