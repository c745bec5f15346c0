/** What went wrong, as the texts of this feature name it. */
export type Failure =
  "closed" | "failed" | "invitationInvalid" | "invitationNeeded" | "linkInvalid" | "tooMany" | "unreachable" | "wrong";

/** The field that a failure is about, with its text; or a failure of the whole. */
export type Placed = { field: "email"; failure: "emailInvalid" | "emailTaken" } | { field: null; failure: Failure };

/** What the code of an answer, or its status where it has none, means to the person. */
export function placed(code: string): Placed {
  if (code === "INVALID_EMAIL") return { field: "email", failure: "emailInvalid" };
  if (code.startsWith("USER_ALREADY_EXISTS")) return { field: "email", failure: "emailTaken" };
  return { field: null, failure: wholeFailure(code) };
}

/** The same where there are no fields. */
export function wholeFailure(code: string): Failure {
  return FAILURES.get(code) ?? "failed";
}

const FAILURES = new Map<string, Failure>([
  ["INVALID_EMAIL_OR_PASSWORD", "wrong"],
  ["INVALID_TOKEN", "linkInvalid"],
  ["SIGN_UP_CLOSED", "closed"],
  ["INVITATION_NEEDED", "invitationNeeded"],
  ["INVITATION_INVALID", "invitationInvalid"],
  ["UNREACHABLE", "unreachable"],
  ["429", "tooMany"],
  ["502", "unreachable"],
  ["503", "unreachable"],
]);
