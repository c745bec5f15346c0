"use client";

import clsx from "clsx";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Button } from "@/components/button";
import { IconButton } from "@/components/icon-button";
import { Popover } from "@/components/popover";
import type { Due } from "@/gen/errand/v1/task_pb";
import { dueText } from "@/reader/due-text";
import { useFormat } from "@/reader/format";
import { useNow } from "@/reader/now";

import type { TaskFields } from "../data/types";
import { DueEditor } from "./due-editor";

interface DueFieldProps {
  due: Due | undefined;
  /** A recurring task keeps a due. */
  recurs: boolean;
  onChange: (due: TaskFields["due"]) => void;
}

/** When a task is due: a button that says it, and opens what changes it. */
export function DueField({ due, recurs, onChange }: DueFieldProps) {
  const t = useTranslations("tasks.due");
  const format = useFormat();
  const now = useNow();
  const [open, setOpen] = useState(false);
  const text = dueText(due, format, new Date(now)) ?? t("none");
  return (
    <>
      <Popover
        open={open}
        onOpenChange={setOpen}
        label={t("label")}
        className="w-80 p-3"
        trigger={
          <Button variant="ghost" className={clsx(due && "text-ink")} aria-label={t("button", { due: text })}>
            {text}
          </Button>
        }
      >
        <DueEditor
          due={due}
          onDone={(changed) => {
            setOpen(false);
            onChange(changed);
          }}
        />
      </Popover>
      {due && !recurs && <IconButton size="sm" icon={<X />} label={t("clear")} onClick={() => onChange(undefined)} />}
    </>
  );
}
