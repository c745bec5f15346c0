import { InvalidRequest, Refused, type Problem } from "@/server/rest/problem";

/** The largest body that is read, in bytes. */
export const LARGEST_BODY = 1024 * 1024;

/**
 * The body of a request as JSON.
 *
 * @throws {Refused} 413 when it is too large
 * @throws {InvalidRequest} when it is none
 */
export async function readJson(request: Request): Promise<unknown> {
  const text = (await readBytes(request, LARGEST_BODY)).toString("utf8");
  if (text.trim() === "") throw new InvalidRequest([problem("missing", ["body"], "Field required", null)]);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const place = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length);
    throw new InvalidRequest([problem("json_invalid", ["body", place], "JSON decode error", {})]);
  }
}

/** The body of a request, read no further than its bound. */
export async function readBytes(request: Request, most: number): Promise<Buffer> {
  const tooLarge = new Refused(413, `The body must have at most ${most} bytes`);
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function problem(type: string, loc: Problem["loc"], msg: string, input: unknown): Problem {
  return { type, loc, msg, input };
}
