"use client";

import { Eye, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Field } from "@/components/field";
import { IconButton } from "@/components/icon-button";
import { Input } from "@/components/input";

import type { PasswordLength } from "./check";
import type { AuthForm } from "./use-auth-form";

interface FieldProps {
  value: string;
  onChange: (value: string) => void;
  errors: AuthForm["errors"];
}

/** How the person is called. */
export function NameField({ value, onChange, errors }: FieldProps) {
  const t = useTranslations("auth");
  return (
    <Field label={t("fields.name")} error={errors.name && t(`errors.${errors.name}`)}>
      <Input
        name="name"
        autoComplete="name"
        required
        maxLength={100}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

/** The address by which the person is known. */
export function EmailField({ value, onChange, errors, readOnly }: FieldProps & { readOnly?: boolean }) {
  const t = useTranslations("auth");
  return (
    <Field
      label={t("fields.email")}
      hint={readOnly && t("fields.emailInvited")}
      error={errors.email && t(`errors.${errors.email}`)}
    >
      <Input
        type="email"
        name="email"
        dir="ltr"
        autoComplete="username"
        required
        readOnly={readOnly}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

/** A password, which can be looked at. With `length` it is a new one. */
export function PasswordField({ value, onChange, errors, length }: FieldProps & { length?: PasswordLength }) {
  const t = useTranslations("auth");
  const [visible, setVisible] = useState(false);
  const bounds = { min: length?.min ?? 0, max: length?.max ?? 0 };
  return (
    <Field
      label={t(length ? "fields.newPassword" : "fields.password")}
      hint={length && t("fields.newPasswordHint", { count: bounds.min })}
      error={errors.password && t(`errors.${errors.password}`, bounds)}
    >
      <div dir="ltr" className="relative">
        <Input
          type={visible ? "text" : "password"}
          name="password"
          autoComplete={length ? "new-password" : "current-password"}
          autoCapitalize="none"
          spellCheck={false}
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="pe-12"
        />
        <IconButton
          label={t(visible ? "fields.hidePassword" : "fields.showPassword")}
          icon={visible ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
          className="absolute end-0 top-1/2 -translate-y-1/2"
          onClick={() => setVisible(!visible)}
        />
      </div>
    </Field>
  );
}
