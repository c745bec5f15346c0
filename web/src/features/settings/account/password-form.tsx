"use client";

import { useTranslations } from "next-intl";
import { useState, type SyntheticEvent } from "react";

import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { useToast } from "@/components/toast";

import { changePassword, PASSWORD_LENGTH } from "./auth";

type Errors = Partial<Record<"current" | "next", string>>;

/** Changes the password, which ends the sessions on all other devices: the old one may be known to others. */
export function PasswordForm({ email }: { email: string }) {
  const t = useTranslations("settings.account");
  const { toast } = useToast();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const found: Errors = {};
    if (current === "") found.current = t("passwordRequired");
    if (next.length < PASSWORD_LENGTH) found.next = t("passwordShort", { count: PASSWORD_LENGTH });
    setErrors(found);
    if (found.current || found.next) return;
    setBusy(true);
    const result = await changePassword(current, next);
    setBusy(false);
    if (result === "wrong-password") setErrors({ current: t("passwordWrong") });
    else if (result === "failed") toast({ tone: "danger", title: t("passwordFailed") });
    else {
      setCurrent("");
      setNext("");
      toast({ tone: "success", title: t("passwordChanged") });
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4 sm:grid-cols-2">
      {/* Tells password managers whose password this is. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <Field label={t("currentPassword")} error={errors.current}>
        <Input
          type="password"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
      </Field>
      <Field label={t("newPassword")} hint={t("newPasswordHint", { count: PASSWORD_LENGTH })} error={errors.next}>
        <Input
          type="password"
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
      </Field>
      <p className="text-xs text-ink-muted sm:col-span-2">{t("changePasswordHint")}</p>
      <div>
        <Button type="submit" variant="primary" busy={busy}>
          {t("submitPassword")}
        </Button>
      </div>
    </form>
  );
}
