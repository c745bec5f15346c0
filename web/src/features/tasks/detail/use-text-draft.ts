"use client";

import { useCallback, useEffect, useRef, useState } from "react";

import type { Task } from "@/gen/errand/v1/task_pb";

export interface TextDraft {
  value: string;
  onChange: (value: string) => void;
  /** Saves what was typed. */
  onBlur: () => void;
  /** Puts back what the task has. */
  discard: () => void;
}

/**
 * The text of a field while it is typed. It is saved after a pause and when the field is left; what comes from elsewhere
 * meanwhile does not take its place, and meets it as a conflict with the task as it was when the typing began.
 */
export function useTextDraft(task: Task, stored: string, save: (base: Task, text: string) => void): TextDraft {
  const [draft, setDraft] = useState<string>();
  const latest = useRef<{ base?: Task | undefined; draft?: string | undefined }>({});
  const saver = useRef(save);
  useEffect(() => {
    saver.current = save;
  });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const flush = useCallback(() => {
    clearTimeout(timer.current);
    const { base, draft: text } = latest.current;
    latest.current = {};
    if (base && text !== undefined) saver.current(base, text);
  }, []);
  useEffect(() => flush, [flush]);

  return {
    value: draft ?? stored,
    onChange: (text) => {
      latest.current = { base: latest.current.base ?? task, draft: text };
      setDraft(text);
      clearTimeout(timer.current);
      timer.current = setTimeout(flush, PAUSE);
    },
    onBlur: () => {
      flush();
      setDraft(undefined);
    },
    discard: () => {
      clearTimeout(timer.current);
      latest.current = {};
      setDraft(undefined);
    },
  };
}

const PAUSE = 1200;
