"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { Button } from "@/components/button";

import type { AuthForm } from "./use-auth-form";

export interface FormFrameProps {
  form: AuthForm;
  submit: string;
  children: ReactNode;
}

/** The fields, what went wrong with the whole, and the one button. */
export function FormFrame({ form, submit, children }: FormFrameProps) {
  const t = useTranslations("auth.failures");
  return (
    // Sent before the page is ready, a form must not carry its password into the address.
    <form id={form.id} method="post" noValidate onSubmit={form.onSubmit} className="grid gap-4">
      <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger-ink empty:hidden">
        {form.failure && t(form.failure)}
      </p>
      {children}
      <Button type="submit" variant="primary" size="lg" busy={form.busy} className="mt-1 w-full">
        {submit}
      </Button>
    </form>
  );
}
