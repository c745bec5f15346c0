import { useEffect, useId, useState, type SyntheticEvent } from "react";

import type { FieldError, FieldErrors } from "./check";
import { placed, type Failure } from "./failure";

/** What a form of sign-in is bound to. */
export interface AuthForm {
  /** The id of the `form`: after an attempt, focus goes to the first field in it that is wrong. */
  readonly id: string;
  readonly errors: Partial<Record<keyof FieldErrors, FieldError | "emailTaken">>;
  readonly failure: Failure | undefined;
  readonly busy: boolean;
  readonly onSubmit: (event: SyntheticEvent) => void;
}

/**
 * A form that is checked here, then sent. `send` returns the code of what went wrong, or nothing: then the page is about
 * to be another, and the form stays busy until it is.
 */
export function useAuthForm(check: () => FieldErrors, send: () => Promise<string | undefined>): AuthForm {
  const id = useId();
  const [outcome, setOutcome] = useState(NOTHING);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (outcome === NOTHING) return;
    document.getElementById(id)?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [id, outcome]);

  const attempt = async () => {
    const errors = check();
    setOutcome({ errors, failure: undefined });
    if (Object.values(errors).some(Boolean)) return;
    setBusy(true);
    const code = await send();
    if (code === undefined) return;
    setBusy(false);
    const { field, failure } = placed(code);
    setOutcome(field === null ? { errors: {}, failure } : { errors: { [field]: failure }, failure: undefined });
  };

  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!busy) void attempt();
  };

  return { id, ...outcome, busy, onSubmit };
}

const NOTHING: Pick<AuthForm, "errors" | "failure"> = { errors: {}, failure: undefined };
