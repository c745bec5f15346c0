/** Nobody is signed in. */
export class NoSessionError extends Error {
  override readonly name = "NoSessionError";
}

/** Gives a token for the stream. `fresh` asks for one that was not used before. */
export type TokenSource = (fresh: boolean, signal: AbortSignal) => Promise<string>;

/**
 * Fetches tokens from the web app and keeps each until a minute before its end. All who ask at the same time get the
 * same. A token of someone else than `userId` means that another person has signed in here.
 */
export function tokenSource(
  userId: string,
  fetchToken: typeof fetch = fetch,
  now: () => number = Date.now,
): TokenSource {
  let kept: { token: string; until: number } | undefined;
  let asking: Promise<string> | undefined;

  const ask = async (): Promise<string> => {
    const response = await fetchToken("/api/auth/token", {
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.status === 401 || response.status === 403) throw new NoSessionError("nobody is signed in");
    if (!response.ok) throw new Error(`the token could not be read: ${response.status}`);
    const { token } = (await response.json()) as { token: string };
    const claims = claimsOf(token);
    if (claims.sub !== userId) throw new NoSessionError("someone else is signed in");
    kept = { token, until: claims.exp * 1000 - MARGIN };
    return token;
  };

  return async (fresh, signal) => {
    signal.throwIfAborted();
    if (!fresh && kept && now() < kept.until) return kept.token;
    kept = undefined;
    asking ??= ask().finally(() => (asking = undefined));
    return asking;
  };
}

/** Reads what a token says, without checking it: that is for the services. */
function claimsOf(token: string): { sub: string; exp: number } {
  const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as { sub: string; exp: number };
}

const MARGIN = 60_000;
const TIMEOUT = 15_000;
