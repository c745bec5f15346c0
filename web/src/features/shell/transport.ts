import { createConnectTransport } from "@connectrpc/connect-web";

/** Calls the services by the web app's own address. The session's cookie says who calls. */
export const rpcTransport = createConnectTransport({
  baseUrl: "/api/rpc",
  useBinaryFormat: true,
  defaultTimeoutMs: 15_000,
});
