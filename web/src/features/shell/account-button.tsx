"use client";

import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState, type ComponentProps } from "react";

import type { Person } from "./person";

const AccountMenu = dynamic(() => import("./account-menu"), { ssr: false, loading: () => <Avatar letter="" /> });

/** The account: who is signed in, and a menu that is loaded when it is first opened. */
export function AccountButton({ person }: { person: Person }) {
  const t = useTranslations("shell.account");
  const [used, setUsed] = useState(false);
  if (used) return <AccountMenu person={person} />;
  return (
    <Avatar
      letter={initialOf(person)}
      aria-label={t("menu", { name: person.name })}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setUsed(true)}
    />
  );
}

/** A round button with the first letter of a name. */
export function Avatar({ letter, ...props }: { letter: string } & ComponentProps<"button">) {
  return (
    <button
      {...props}
      type="button"
      className="inline-flex size-9 shrink-0 cursor-pointer items-center justify-center rounded-full bg-accent-soft text-sm font-semibold text-accent-ink focus-ring select-none hover:bg-hover pointer-coarse:size-11"
    >
      <span aria-hidden="true">{letter}</span>
    </button>
  );
}

/** The letter for a person. */
export function initialOf(person: Person): string {
  const [first = ""] = (person.name.trim() || person.email).trim();
  return first.toLocaleUpperCase();
}
