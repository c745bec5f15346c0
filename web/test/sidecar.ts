import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";

/** What stands in for a sidecar: an address, and how many HTTP/2 sessions it has seen. */
export interface StandIn extends AsyncDisposable {
  readonly url: string;
  readonly sessions: () => number;
}

/** Listens where a sidecar would, with services that answer as a test needs it. */
export async function standIn(routes: (router: ConnectRouter) => void): Promise<StandIn> {
  const server = http2.createServer(connectNodeAdapter({ routes }));
  const sessions = new Set<http2.ServerHttp2Session>();
  let seen = 0;
  server.on("session", (session) => {
    seen += 1;
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      for (const session of sessions) session.destroy();
    });
  return { url: `http://127.0.0.1:${port}`, sessions: () => seen, [Symbol.asyncDispose]: close };
}
