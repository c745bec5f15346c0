import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";

import { passStream } from "@/server/stream";

let server: http.Server | undefined;

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function realtime(answer: http.RequestListener): Promise<string> {
  const listening = http.createServer(answer);
  server = listening;
  await new Promise<void>((ready) => listening.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

const GRPC_WEB = "application/grpc-web+proto";

function open(headers: Record<string, string> = {}, init: RequestInit = {}) {
  return new Request("http://errand.example/errand.v1.UpdateService/StreamUpdates", {
    method: "POST",
    headers: { "content-type": GRPC_WEB, authorization: "Bearer x", ...headers },
    body: new Uint8Array([0, 0, 0, 0, 0]),
    ...init,
  });
}

describe("the stream of updates", () => {
  it("arrives piece by piece, and only what belongs to it passes", async () => {
    let more: (() => void) | undefined;
    const seen: { url?: string; headers?: http.IncomingHttpHeaders; body: Buffer[] } = { body: [] };
    const url = await realtime((request, response) => {
      [seen.url, seen.headers] = [request.url, request.headers];
      request.on("data", (piece: Buffer) => seen.body.push(piece));
      response.writeHead(200, { "content-type": GRPC_WEB, "set-cookie": "a=b", "cache-control": "max-age=60" });
      response.write("first");
      more = () => response.end("second");
    });
    const headers = { cookie: "session=x", "x-grpc-web": "1", "x-forwarded-for": "10.0.0.1" };
    const response = await passStream(open(headers), url);
    const reader = response.body?.getReader();
    const text = async () => new TextDecoder().decode((await reader?.read())?.value);

    expect(await text()).toBe("first");
    more?.();
    expect(await text()).toBe("second");
    expect((await reader?.read())?.done).toBe(true);
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": GRPC_WEB,
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    expect(seen.url).toBe("/errand.v1.UpdateService/StreamUpdates");
    expect(seen.headers).toMatchObject({ authorization: "Bearer x", "content-type": GRPC_WEB, "x-grpc-web": "1" });
    expect(seen.headers).not.toHaveProperty("cookie");
    expect(seen.headers).not.toHaveProperty("x-forwarded-for");
    expect(Buffer.concat(seen.body)).toEqual(Buffer.from([0, 0, 0, 0, 0]));
  });

  it("ends at the service when the browser goes", async () => {
    const gone = Promise.withResolvers<undefined>();
    const url = await realtime((_, response) => {
      response.on("close", () => gone.resolve(undefined));
      response.writeHead(200, { "content-type": GRPC_WEB }).write("first");
    });
    const browser = new AbortController();
    const response = await passStream(open({}, { signal: browser.signal }), url);
    const reader = response.body?.getReader();
    await reader?.read();
    browser.abort();
    await gone.promise;
    await expect(reader?.read()).rejects.toThrow();
  });

  it("passes back a status without a stream, with its details", async () => {
    const trailers = { "grpc-status": "16", "grpc-message": "no%20token", "grpc-status-details-bin": "CBA" };
    const url = await realtime((_, response) =>
      response.writeHead(200, { "content-type": GRPC_WEB, ...trailers }).end(),
    );
    const response = await passStream(open(), url);
    expect(Object.fromEntries(response.headers)).toMatchObject(trailers);
  });

  it.each<[string, (url: string) => string, http.RequestListener]>([
    ["is away", () => "http://127.0.0.1:1", (_, response) => response.end()],
    [
      "answers something else",
      (url) => url,
      (_, response) => response.writeHead(502, { "content-type": "text/html" }).end("<h1>"),
    ],
    [
      "leads elsewhere",
      (url) => url,
      (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    ],
  ])("is UNAVAILABLE where the service %s", async (_, address, answer) => {
    const response = await passStream(open(), address(await realtime(answer)));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": GRPC_WEB,
      "grpc-status": "14",
      "grpc-message": "live%20updates%20are%20away%20for%20the%20moment",
    });
  });

  it("takes no other content and no large request", async () => {
    const url = await realtime((_, response) => response.end());
    expect((await passStream(open({ "content-type": "application/json" }), url)).status).toBe(415);
    const large = await passStream(open({}, { body: new Uint8Array(65 * 1024) }), url);
    expect(large.headers.get("grpc-status")).toBe("3");
  });
});
