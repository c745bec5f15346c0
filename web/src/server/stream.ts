import { Refused } from "@/server/rest/problem";
import { readBytes } from "@/server/rest/json-body";

/** Where realtime-service serves the stream, and the web app too. */
const PATH = "/errand.v1.UpdateService/StreamUpdates";

/** What of a request the service needs. No cookie is among it. */
const PASSED_ON = [
  "content-type",
  "accept",
  "authorization",
  "x-grpc-web",
  "x-user-agent",
  "grpc-timeout",
  "x-correlation-id",
];

/** What of an answer the browser needs; the status stands here where the stream never began. */
const PASSED_BACK = ["content-type", "grpc-status", "grpc-message", "grpc-status-details-bin", "x-correlation-id"];

/** A request for the stream holds a cursor and no more. */
const LARGEST_REQUEST = 64 * 1024;

const UNAVAILABLE = 14;
const INVALID_ARGUMENT = 3;

/**
 * Passes the gRPC-web stream of updates through, each piece as it comes. When the browser goes, so does the stream.
 *
 * Where an ingress takes the path to realtime-service itself, this is not called.
 */
export async function passStream(request: Request, realtimeUrl: string): Promise<Response> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("application/grpc-web"))
    return Response.json({ detail: "Unsupported Media Type" }, { status: 415 });
  let upstream: Response;
  try {
    const body = await readBytes(request, LARGEST_REQUEST);
    upstream = await fetch(realtimeUrl + PATH, {
      method: "POST",
      headers: only(PASSED_ON, request.headers),
      body: new Uint8Array(body),
      signal: request.signal,
      cache: "no-store",
      redirect: "error",
    });
  } catch (error) {
    if (error instanceof Refused) return ended(type, INVALID_ARGUMENT, "the request is too large");
    return ended(type, UNAVAILABLE, "live updates are away for the moment");
  }
  if (!upstream.ok || !isGrpcWeb(upstream.headers)) {
    await upstream.body?.cancel();
    return ended(type, UNAVAILABLE, "live updates are away for the moment");
  }
  return new Response(upstream.body, { headers: unkept(only(PASSED_BACK, upstream.headers)) });
}

/** Only the status, in the headers, as gRPC-web has it where there is no message. */
function ended(type: string, status: number, message: string): Response {
  const headers = { "content-type": type, "grpc-status": String(status), "grpc-message": encodeURIComponent(message) };
  return new Response(null, { headers: unkept(new Headers(headers)) });
}

/** Nothing between here and the browser may keep, pack or gather the pieces. */
function unkept(headers: Headers): Headers {
  headers.set("cache-control", "no-cache, no-transform");
  headers.set("x-accel-buffering", "no");
  return headers;
}

function isGrpcWeb(headers: Headers): boolean {
  return headers.get("content-type")?.startsWith("application/grpc-web") ?? false;
}

function only(names: readonly string[], headers: Headers): Headers {
  const kept = new Headers();
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) kept.set(name, value);
  }
  return kept;
}
