export { UpdatesProvider } from "./provider";
export { useConnection, useIsOffline, useNewNotifications, useReading, useUpdates, type Reading } from "./hooks";
export { goToSignIn } from "./sign-in";
export type { Connection, ConnectionState, UpdateListener } from "./types";
