import "server-only";

import { deleteAccountData } from "./account-data";
import { type Auth, createAuth, migrate, type Surroundings } from "./auth";
import { type Config, config, ConfigError } from "./config";
import { type Database, openDatabase } from "./database";
import { mailBySmtp } from "./mail";

/** What the web app's server is made of. */
export interface Server {
  readonly config: Config;
  readonly database: Database;
  readonly auth: Auth;
}

/** The one of this process. Parts of the app are bundled apart from each other, so a module's own variable would be several. */
export function server(): Promise<Server> {
  holder[KEY] ??= start();
  return holder[KEY];
}

/** Starts, or says why it can't and ends the process: whoever supervises it tries again. */
export async function startOrExit(): Promise<void> {
  try {
    await server();
  } catch (error) {
    const text = error instanceof ConfigError ? error.message : `the web app cannot start: ${chainOf(error)}`;
    process.stderr.write(`${text}\n`);
    process.exit(1);
  }
}

const KEY = Symbol.for("errand.web.server");

const holder = globalThis as { [KEY]?: Promise<Server> };

async function start(): Promise<Server> {
  const settings = config();
  const database = openDatabase(settings.database);
  const surroundings: Surroundings = {
    sendMail: settings.mail && mailBySmtp(settings.mail),
    deleteData: (userId) => deleteAccountData(auth, userId),
  };
  await migrate(settings, database, surroundings);
  const auth: Auth = createAuth(settings, database, surroundings);
  return { config: settings, database, auth };
}

/** An error with its causes. A database's address may have a password in it, and is in none of them. */
function chainOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${chainOf(error.cause)}`;
}
