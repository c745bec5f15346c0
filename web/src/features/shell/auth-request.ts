/** What sign-in answered: data, or the code of what is wrong. A server that can't be reached is `UNREACHABLE`. */
export type AuthAnswer<Data> = { ok: true; data: Data } | { ok: false; code: string };

/** Calls sign-in at the web app's own address, as the one whose cookie the browser sends. */
export async function authRequest<Data>(path: string, body?: Record<string, unknown>): Promise<AuthAnswer<Data>> {
  try {
    const response = await fetch(`/api/auth/${path}`, {
      ...(body && {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
      cache: "no-store",
    });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok) return { ok: true, data: answer as Data };
    return { ok: false, code: codeOf(answer) ?? String(response.status) };
  } catch {
    return { ok: false, code: "UNREACHABLE" };
  }
}

function codeOf(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("code" in answer)) return undefined;
  return typeof answer.code === "string" ? answer.code : undefined;
}
