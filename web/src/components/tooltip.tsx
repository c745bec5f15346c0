"use client";

import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";

import { Kbd } from "./kbd";

export type TooltipSide = "top" | "bottom";

export interface TooltipProps {
  content: string;
  shortcut?: string | undefined;
  side?: TooltipSide | undefined;
  /** One element that can be focused. */
  children: ReactNode;
}

/**
 * What a control is, shown while the pointer rests on it or the keyboard is at it. It closes with Escape and stays
 * while the pointer is on it. It names nothing: the control has an accessible name of its own.
 */
export function Tooltip({ content, shortcut, side = "bottom", children }: TooltipProps) {
  const [trigger, setTrigger] = useState<Element | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const show = (wrapper: HTMLElement, delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setTrigger(wrapper.firstElementChild), delay);
  };
  const hide = (delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setTrigger(null), delay);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!trigger) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") setTrigger(null);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [trigger]);

  return (
    <>
      <span
        className="contents"
        onPointerEnter={(event) => {
          if (event.pointerType === "mouse") show(event.currentTarget, HOVER_DELAY);
        }}
        onPointerLeave={() => hide(LEAVE_DELAY)}
        onPointerDown={() => hide(0)}
        onFocus={(event) => {
          if (event.target.matches(":focus-visible")) show(event.currentTarget, FOCUS_DELAY);
        }}
        onBlur={() => hide(0)}
      >
        {children}
      </span>
      {trigger && (
        <Bubble trigger={trigger} side={side} onEnter={() => clearTimeout(timer.current)} onLeave={() => hide(0)}>
          {content}
          {shortcut && <Kbd keys={shortcut} />}
        </Bubble>
      )}
    </>
  );
}

interface BubbleProps {
  trigger: Element;
  side: TooltipSide;
  onEnter: () => void;
  onLeave: () => void;
  children: ReactNode;
}

/** The top layer of the browser holds it, so nothing can clip or cover it. */
function Bubble({ trigger, side, onEnter, onLeave, children }: BubbleProps) {
  const bubble = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = bubble.current;
    if (!element) return;
    element.showPopover();
    const at = trigger.getBoundingClientRect();
    const own = element.getBoundingClientRect();
    const below = at.bottom + GAP;
    const above = at.top - own.height - GAP;
    const fits = side === "top" ? above > GAP : below + own.height < innerHeight;
    const left = at.left + (at.width - own.width) / 2;
    element.style.top = `${(side === "top") === fits ? above : below}px`;
    element.style.left = `${Math.max(GAP, Math.min(left, innerWidth - own.width - GAP))}px`;
  }, [trigger, side]);

  return (
    <div
      ref={bubble}
      role="tooltip"
      aria-hidden="true"
      popover="manual"
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
      className="fixed inset-auto m-0 max-w-64 items-center gap-2 rounded-md border border-line bg-raised px-2 py-1 text-xs text-ink shadow-popover [&:popover-open]:flex"
    >
      {children}
    </div>
  );
}

const HOVER_DELAY = 500;
const FOCUS_DELAY = 300;
const LEAVE_DELAY = 100;
const GAP = 6;
