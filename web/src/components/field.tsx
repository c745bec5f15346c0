"use client";

import clsx from "clsx";
import { createContext, use, useId, useMemo, type ReactNode } from "react";
import { useTranslations } from "next-intl";

export interface FieldProps {
  label: string;
  hint?: ReactNode;
  /** Why the value is not taken. It is announced when it appears. */
  error?: string | undefined;
  required?: boolean;
  /** Leaves the label to screen readers. */
  hideLabel?: boolean;
  className?: string;
  children: ReactNode;
}

/** What a control inside a Field takes over from it. */
export interface FieldControl {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  required?: boolean;
}

/** A label, one control, and what is to be said of it. The control inside finds its id and texts by useFieldControl. */
export function Field({ label, hint, error, required, hideLabel, className, children }: FieldProps) {
  const t = useTranslations("components");
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const control = useMemo(() => {
    const describedBy = [errorId, hintId].filter(Boolean).join(" ");
    const value: FieldControl = { id };
    if (describedBy) value["aria-describedby"] = describedBy;
    if (errorId) value["aria-invalid"] = true;
    if (required) value.required = true;
    return value;
  }, [id, hintId, errorId, required]);

  return (
    <FieldContext value={control}>
      <div className={clsx("flex min-w-0 flex-col gap-1.5", className)}>
        <label htmlFor={id} className={hideLabel ? "sr-only" : "text-sm font-medium text-ink"}>
          {label}
          {required === false && <span className="ms-1 font-normal text-ink-muted">{t("field.optional")}</span>}
        </label>
        {children}
        {hint && (
          <p id={hintId} className="text-xs text-ink-muted">
            {hint}
          </p>
        )}
        <p id={errorId} role="alert" className="text-xs text-danger-ink empty:hidden">
          {error}
        </p>
      </div>
    </FieldContext>
  );
}

/** What the control of the Field around it has to carry; nothing outside of one. */
export function useFieldControl(): Partial<FieldControl> {
  return use(FieldContext);
}

const FieldContext = createContext<Partial<FieldControl>>({});
