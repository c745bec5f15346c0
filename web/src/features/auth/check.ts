/** What a form knows to be wrong by itself, by field. */
export type FieldErrors = Partial<Record<"name" | "email" | "password", FieldError>>;

export type FieldError =
  "nameMissing" | "emailMissing" | "emailInvalid" | "passwordMissing" | "passwordShort" | "passwordLong";

/** How long a password may be, in characters. */
export interface PasswordLength {
  readonly min: number;
  readonly max: number;
}

/** What is wrong with an address. The server decides; this only saves the way to it. */
export function checkEmail(email: string): FieldError | undefined {
  if (email.trim() === "") return "emailMissing";
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim()) ? undefined : "emailInvalid";
}

/** What is wrong with a new password. */
export function checkPassword(password: string, { min, max }: PasswordLength): FieldError | undefined {
  if (password === "") return "passwordMissing";
  if (password.length < min) return "passwordShort";
  return password.length > max ? "passwordLong" : undefined;
}
