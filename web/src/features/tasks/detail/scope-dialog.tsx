"use client";

import { useTranslations } from "next-intl";

import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";

import { useScopeQuestion } from "./scope-question";

/** Asks whether a moved recurring task takes those after it along. */
export default function ScopeDialog() {
  const t = useTranslations("tasks.scope");
  const question = useScopeQuestion();
  return (
    <Dialog
      alert
      open={question !== null}
      onOpenChange={(open) => !open && question?.answer(undefined)}
      title={t("title")}
      description={t("description", { title: question?.task.title ?? "" })}
      footer={
        <>
          <Button variant="ghost" onClick={() => question?.answer(undefined)}>
            {t("cancel")}
          </Button>
          <Button onClick={() => question?.answer("this-occurrence")}>{t("thisOne")}</Button>
          <Button variant="primary" onClick={() => question?.answer("this-and-following")}>
            {t("following")}
          </Button>
        </>
      }
    />
  );
}
