"use client";

import { useTranslations } from "next-intl";
import { useRef, type KeyboardEvent } from "react";

import { Input } from "@/components/input";
import type { Task } from "@/gen/errand/v1/task_pb";

import { useRowActions } from "../list/row-actions";

/** The title of a row while it is edited. Enter or leaving keeps it, Escape puts it back. */
export function TitleInput({ task }: { task: Task }) {
  const t = useTranslations("tasks.row");
  const actions = useRowActions();
  const ended = useRef(false);
  const end = (title?: string) => {
    if (ended.current) return;
    ended.current = true;
    actions.endRename(task, title);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // The keys of the list are letters here.
    event.stopPropagation();
    if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      end(event.currentTarget.value);
    } else if (event.key === "Escape") {
      event.preventDefault();
      end();
    }
  };
  return (
    <Input
      bare
      // The person asked for it just now, and the row had the focus.
      autoFocus
      dir="auto"
      maxLength={255}
      defaultValue={task.title}
      aria-label={t("title", { title: task.title })}
      onKeyDown={onKeyDown}
      onBlur={(event) => end(event.currentTarget.value)}
      onClick={(event) => event.stopPropagation()}
    />
  );
}
