/**
 * The user whose token it is: the claim `sub`. Only to be shown to whoever brought the token, and only once a service
 * has verified it.
 */
export function subjectOf(token: string): string {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const subject = typeof payload === "object" && payload !== null && "sub" in payload ? payload.sub : undefined;
    return typeof subject === "string" ? subject : "";
  } catch {
    return "";
  }
}
