"use client";

import { useTranslations } from "next-intl";
import { useState, type SyntheticEvent } from "react";

import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { leaveFor } from "@/features/shell/leave";
import type { Person } from "@/features/shell/person";

import { Section } from "../section";
import { deleteAccount } from "./auth";

/** The end of an account. */
export function DangerSection({ person }: { person: Person }) {
  const t = useTranslations("settings");
  const [open, setOpen] = useState(false);
  return (
    <Section id="danger" tone="danger" title={t("sections.danger")} description={t("danger.description")}>
      <Button variant="danger" onClick={() => setOpen(true)}>
        {t("danger.open")}
      </Button>
      {open && <DeleteDialog person={person} onClose={() => setOpen(false)} />}
    </Section>
  );
}

type Errors = Partial<Record<"email" | "password" | "form", string>>;

function DeleteDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const t = useTranslations("settings.danger");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (email.trim().toLowerCase() !== person.email.toLowerCase()) {
      setErrors({ email: t("mismatch") });
      return;
    }
    setBusy(true);
    const result = await deleteAccount(password);
    if (result === "deleted") {
      leaveFor("/sign-in");
      return;
    }
    setBusy(false);
    setErrors(result === "wrong-password" ? { password: t("passwordWrong") } : { form: t(FAILURES[result]) });
  };

  return (
    <Dialog
      open
      alert
      size="md"
      onOpenChange={(open) => !open && !busy && onClose()}
      title={t("title")}
      description={t("warning")}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            {t("cancel")}
          </Button>
          <Button type="submit" form="delete-account" variant="danger" busy={busy}>
            {t("submit")}
          </Button>
        </>
      }
    >
      <form id="delete-account" noValidate onSubmit={(event) => void submit(event)} className="grid gap-4">
        <Field label={t("confirm", { email: person.email })} error={errors.email}>
          <Input
            type="email"
            dir="ltr"
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Field label={t("password")} error={errors.password}>
          <Input
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <p role="alert" className="text-sm text-danger-ink empty:hidden">
          {errors.form}
        </p>
      </form>
    </Dialog>
  );
}

const FAILURES = { failed: "failed", "data-failed": "dataFailed", "session-old": "sessionOld" } as const;
