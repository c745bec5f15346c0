"use client";

import { Ellipsis } from "lucide-react";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useState } from "react";

import { IconButton } from "@/components/icon-button";
import type { Task } from "@/gen/errand/v1/task_pb";

const RowMenu = dynamic(() => import("./row-menu"), { ssr: false });

/** Opens the menu of a row. The menu itself is made when it is first opened: a list has many rows. */
export function RowMenuButton({ task, tabIndex }: { task: Task; tabIndex: number }) {
  const t = useTranslations("tasks.row");
  const [used, setUsed] = useState(false);
  const [open, setOpen] = useState(false);
  const button = (
    <IconButton
      size="sm"
      tabIndex={tabIndex}
      icon={<Ellipsis />}
      label={t("menu", { title: task.title })}
      aria-haspopup="menu"
      {...(used
        ? {}
        : {
            onClick: () => {
              setUsed(true);
              setOpen(true);
            },
          })}
    />
  );
  if (!used) return button;
  return <RowMenu task={task} trigger={button} open={open} onOpenChange={setOpen} />;
}
