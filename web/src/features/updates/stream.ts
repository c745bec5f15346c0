import { createClient, type Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { UpdateService, type StreamUpdatesResponse } from "@/gen/errand/v1/update_service_pb";

import type { TokenSource } from "./token";

/** Opens the stream at a cursor. It ends with an error, or when the signal is given. */
export type OpenStream = (
  request: { cursor: string; isFreshToken: boolean },
  signal: AbortSignal,
) => AsyncIterable<StreamUpdatesResponse>;

/** The stream of this person's updates, on the page's own origin. */
export function updateStream(token: TokenSource, transport: Transport = gatewayTransport()): OpenStream {
  const client = createClient(UpdateService, transport);
  return async function* ({ cursor, isFreshToken }, signal) {
    const headers = { authorization: `Bearer ${await token(isFreshToken, signal)}` };
    // It has no end of its own.
    yield* client.streamUpdates({ cursor }, { headers, signal, timeoutMs: 0 });
  };
}

function gatewayTransport(): Transport {
  return createGrpcWebTransport({ baseUrl: "/" });
}
