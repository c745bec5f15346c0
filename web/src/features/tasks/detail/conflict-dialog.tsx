"use client";

import { useTranslations } from "next-intl";

import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { useFieldWords } from "@/features/history/field-words";

import { useConflict } from "../data";

/** Shows what the person and someone else made of a task at the same time, and lets the person choose. */
export default function ConflictDialog() {
  const t = useTranslations("tasks.conflict");
  const { conflict, keepMine, keepTheirs } = useConflict();
  const words = useFieldWords();
  if (!conflict) return null;
  return (
    <Dialog
      open
      alert
      size="lg"
      onOpenChange={(open) => !open && keepTheirs()}
      title={t("title")}
      description={t("description", { title: conflict.theirs.title })}
      footer={
        <>
          <Button onClick={() => keepTheirs()}>{t("keepTheirs")}</Button>
          <Button variant="primary" onClick={() => keepMine()}>
            {t("keepMine")}
          </Button>
        </>
      }
    >
      <div className="overflow-x-auto">
        <table className="w-full text-start text-sm">
          <thead>
            <tr className="text-xs text-ink-muted">
              <th scope="col" className="py-1 pe-3 text-start font-medium">
                {t("field")}
              </th>
              <th scope="col" className="py-1 pe-3 text-start font-medium">
                {t("mine")}
              </th>
              <th scope="col" className="py-1 text-start font-medium">
                {t("theirs")}
              </th>
            </tr>
          </thead>
          <tbody>
            {conflict.fields.map((field) => (
              <tr key={field} className="border-t border-line align-top">
                <th scope="row" className="py-2 pe-3 text-start font-medium whitespace-nowrap">
                  {words.name(field)}
                </th>
                <td className="py-2 pe-3 break-words whitespace-pre-wrap">{words.value(conflict.mine, field)}</td>
                <td className="py-2 break-words whitespace-pre-wrap">{words.value(conflict.theirs, field)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
