export { UpdatesProvider } from "./provider";
export { useConnection, useNewNotifications, useReading, useUpdates, type Reading } from "./hooks";
export { goToSignIn } from "./sign-in";
export type { Connection, ConnectionState, UpdateListener } from "./types";
