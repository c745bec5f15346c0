import "server-only";

import { type Auth, createAuth, migrate, type Surroundings } from "./auth";
import { type Config, config } from "./config";
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

const KEY = Symbol.for("errand.web.server");

const holder = globalThis as { [KEY]?: Promise<Server> };

async function start(): Promise<Server> {
  const settings = config();
  const database = openDatabase(settings.database);
  const surroundings: Surroundings = {
    sendMail: settings.mail && mailBySmtp(settings.mail),
    deleteData: () => Promise.resolve(),
  };
  await migrate(settings, database, surroundings);
  return { config: settings, database, auth: createAuth(settings, database, surroundings) };
}
