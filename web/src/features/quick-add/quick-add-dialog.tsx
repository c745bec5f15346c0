"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useMemo, useRef, useState } from "react";

import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { useTaskActions } from "@/features/tasks/data";
import { VIEW_PATHS } from "@/features/tasks/views/view-query";
import { useFormat, useTimeZone } from "@/reader/format";

import { draftOf } from "./draft-of";
import { pieceKey, type Piece } from "./parse/types";
import { UnderstoodChips } from "./understood-chips";
import { useUnderstanding } from "./use-understanding";

/** One line in which a task is written. What was understood of it stands below, and can be taken back. */
export default function QuickAddDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("quickAdd");
  const { create } = useTaskActions();
  const timeZone = useTimeZone();
  const { today } = useFormat();
  const understand = useUnderstanding();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [ignored, setIgnored] = useState<ReadonlySet<string>>(new Set());
  const [added, setAdded] = useState("");
  const [tried, setTried] = useState(false);
  const isToday = usePathname() === VIEW_PATHS.today;
  const [usualIgnored, setUsualIgnored] = useState(false);
  const line = useMemo(() => understand(text, ignored), [understand, text, ignored]);
  const usualDay = isToday && !usualIgnored && !line.due ? today : null;
  const problem = tried && line.title === "" ? t("needsTitle") : line.title.length > 255 ? t("tooLong") : undefined;

  const ignore = (pieces: readonly Piece[]) => {
    setIgnored(new Set([...ignored, ...pieces.map(pieceKey)]));
    input.current?.focus();
  };
  const submit = (another: boolean) => {
    setTried(true);
    if (line.title === "" || line.title.length > 255) return;
    void create(draftOf(line, timeZone, usualDay));
    if (!another) {
      onClose();
      return;
    }
    setAdded(line.title);
    setText("");
    setIgnored(new Set());
    setTried(false);
    input.current?.focus();
  };

  return (
    <Dialog open title={t("title")} hideTitle initialFocus={input} onOpenChange={(open) => !open && onClose()}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit(false);
        }}
      >
        <Field label={t("label")} hideLabel error={problem}>
          <Input
            ref={input}
            dir="auto"
            autoComplete="off"
            enterKeyHint="done"
            placeholder={t("placeholder")}
            value={text}
            className="text-base!"
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
              event.preventDefault();
              submit(true);
            }}
          />
        </Field>
        <UnderstoodChips
          line={line}
          usualDay={usualDay}
          onIgnore={ignore}
          onIgnoreUsual={() => {
            setUsualIgnored(true);
            input.current?.focus();
          }}
        />
        <div className="flex flex-wrap items-center justify-end gap-2">
          <p role="status" className="min-w-0 flex-1 basis-40 text-xs text-ink-muted">
            {added ? t("added", { title: added }) : text ? "" : t("hint")}
          </p>
          <Button onClick={() => submit(true)}>{t("addAnother")}</Button>
          <Button type="submit" variant="primary">
            {t("submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
