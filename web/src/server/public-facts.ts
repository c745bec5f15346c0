/** What the names of our cookies begin with. */
export const COOKIE_PREFIX = "errand";

/** The header by which a page learns its own address; what a browser sends in it is replaced. */
export const PATH_HEADER = "x-errand-path";

/**
 * The public address, as in the configuration but without reading all of it: the proxy before every page needs no
 * more, and is loaded apart from the rest.
 */
export function publicUrl(): string {
  return given(process.env.ERRAND_WEB_URL) ?? `http://localhost:${given(process.env.PORT) ?? "3000"}`;
}

function given(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
