"use client";

import clsx from "clsx";
import { ChevronDown } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

import { useFieldControl } from "./field";
import { controlClasses } from "./input";

export interface ComboboxOption {
  value: string;
  label: string;
  /** More about it, at the end of its line. */
  detail?: string;
  /** Other words by which it is found. */
  keywords?: string;
}

export interface ComboboxProps {
  value: string;
  onValueChange: (value: string) => void;
  options: readonly ComboboxOption[];
  /** The options that a query finds, the best first. */
  search: (query: string, options: readonly ComboboxOption[]) => readonly ComboboxOption[];
  placeholder?: string;
  /** What to say when none is found. */
  none: (query: string) => string;
}

/** One of many values, found by typing. */
export function Combobox({ value, onValueChange, options, search, placeholder, none }: ComboboxProps) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [query, setQuery] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const open = query !== null;
  const found = open ? search(query, options).slice(0, SHOWN_AT_MOST) : [];
  const current = options.find((option) => option.value === value);

  useEffect(() => {
    if (open) list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [open, active]);

  const openList = () => {
    setQuery("");
    setActive(
      Math.max(
        0,
        search("", options)
          .slice(0, SHOWN_AT_MOST)
          .findIndex((option) => option.value === value),
      ),
    );
  };
  const choose = (option: ComboboxOption | undefined) => {
    setQuery(null);
    if (option && option.value !== value) onValueChange(option.value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) openList();
      else if (found.length > 0) {
        setActive((active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
      }
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      choose(found[active]);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      setQuery(null);
    }
  };

  return (
    <div className="relative">
      <input
        {...useFieldControl()}
        type="text"
        role="combobox"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && found[active] ? `${id}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={open ? (current?.label ?? placeholder) : placeholder}
        value={query ?? current?.label ?? value}
        onClick={() => !open && openList()}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setQuery(null)}
        className={clsx(controlClasses(), "pe-9")}
      />
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute end-3 top-2.5 size-4 text-ink-muted pointer-coarse:top-3.5"
      />
      <ul
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={placeholder}
        hidden={!open || found.length === 0}
        // A press in the list must not take the focus from the text, which would close it.
        onPointerDown={(event) => event.preventDefault()}
        className="absolute inset-x-0 top-full z-20 mt-1 max-h-72 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-popover"
      >
        {found.map((option, index) => (
          <li
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(option)}
            className={clsx(
              "flex min-h-9 cursor-pointer items-center gap-3 rounded-md px-2.5 py-1 text-sm pointer-coarse:min-h-11",
              index === active && "bg-hover",
              option.value === value && "font-medium text-accent-ink",
            )}
          >
            <span className="min-w-0 flex-1 truncate">{option.label}</span>
            {option.detail && <span className="shrink-0 text-xs text-ink-muted">{option.detail}</span>}
          </li>
        ))}
      </ul>
      <p role="status" className="mt-1 text-xs text-ink-muted empty:hidden">
        {open && found.length === 0 ? none(query) : null}
      </p>
    </div>
  );
}

const SHOWN_AT_MOST = 500;
