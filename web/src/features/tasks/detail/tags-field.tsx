"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";

import { Chip } from "@/components/chip";
import { Input } from "@/components/input";

import { tagsWith } from "./tag-text";

interface TagsFieldProps {
  label: string;
  hideLabel?: boolean;
  tags: readonly string[];
  onChange: (tags: string[]) => void;
}

/** Tags as chips, and a line to add more: Enter or a comma ends one, Backspace in the empty line takes the last. */
export function TagsField({ label, hideLabel = false, tags, onChange }: TagsFieldProps) {
  const t = useTranslations("tasks.tags");
  const [text, setText] = useState("");
  const add = () => {
    const next = tagsWith(tags, text);
    setText("");
    if (next.length !== tags.length) onChange(next);
  };
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1">
      {!hideLabel && <span className="text-sm font-medium">{label}</span>}
      <div className="flex min-w-0 flex-wrap items-center gap-1.5">
        {tags.map((tag) => (
          <Chip
            key={tag}
            removeLabel={t("remove", { tag })}
            onRemove={() => onChange(tags.filter((each) => each !== tag))}
          >
            #{tag}
          </Chip>
        ))}
        {tags.length < MAX_TAGS && (
          <Input
            bare
            dir="auto"
            aria-label={t("add")}
            placeholder={t("add")}
            maxLength={50}
            className="w-32! flex-none"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onBlur={add}
            onKeyDown={(event) => {
              if ((event.key === "Enter" || event.key === ",") && !event.nativeEvent.isComposing && text.trim()) {
                event.preventDefault();
                add();
              } else if (event.key === "Backspace" && text === "" && tags.length > 0) {
                onChange(tags.slice(0, -1));
              }
            }}
          />
        )}
      </div>
    </div>
  );
}

const MAX_TAGS = 10;
