import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Client } from "pg";

import { type Auth, createAuth, migrate, type Surroundings } from "@/server/auth";
import { type Config, type DatabaseAddress, readConfig } from "@/server/config";
import { type Database, openDatabase } from "@/server/database";

export const URL_OF_TESTS = "https://errand.example";

/** Databases that the web app can be run on, the last by a pooler that hands out connections by transaction. */
export const KINDS = ["sqlite", "postgres", "pgbouncer"] as const;

export type Kind = (typeof KINDS)[number];

/** A database of a test's own. */
export interface TestDatabase {
  readonly address: DatabaseAddress;
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes an empty one; `scripts/web test` says where PostgreSQL is. */
export async function createDatabase(kind: Kind): Promise<TestDatabase> {
  if (kind === "sqlite") {
    const folder = await mkdtemp(path.join(tmpdir(), "errand-web-"));
    const file = path.join(folder, "web.db");
    const drop = () => rm(folder, { recursive: true });
    return { address: { kind: "sqlite", path: file }, url: `sqlite://${file}`, drop };
  }
  const name = `web_${randomUUID().replaceAll("-", "")}`;
  await asOwner(`CREATE DATABASE ${name}`);
  const url = new URL(needed(kind === "postgres" ? "ERRAND_TEST_POSTGRES_URL" : "ERRAND_TEST_PGBOUNCER_URL"));
  url.pathname = name;
  const drop = () => asOwner(`DROP DATABASE ${name} WITH (FORCE)`);
  return { address: { kind: "postgres", url: url.href }, url: url.href, drop };
}

/** The web app's sign-in on a database, as one replica of several. */
export interface Replica {
  readonly config: Config;
  readonly database: Database;
  readonly auth: Auth;
  post(path: string, body: object, cookie?: string): Promise<Response>;
  get(path: string, cookie?: string): Promise<Response>;
  close(): Promise<void>;
}

export type Changed = Partial<Record<string, string>>;

/** Starts one: with its migrations, and whatever variables are changed. */
export async function startReplica(
  url: string,
  changed: Changed = {},
  changedSurroundings: Partial<Surroundings> = {},
): Promise<Replica> {
  const config = readConfig({
    ERRAND_WEB_URL: URL_OF_TESTS,
    ERRAND_WEB_SECRET: "a secret for tests that is long enough",
    ERRAND_WEB_DATABASE_URL: url,
    ...changed,
  });
  const database = openDatabase(config.database);
  const surroundings = { sendMail: undefined, deleteData: () => Promise.resolve(), ...changedSurroundings };
  await migrate(config, database, surroundings);
  const auth = createAuth(config, database, surroundings);
  const send = (method: string, place: string, cookie: string | undefined, body?: object) =>
    auth.handler(
      new Request(`${config.url}/api/auth/${place}`, {
        method,
        headers: {
          origin: config.url,
          // Each request comes from elsewhere, so that none is one too many.
          "x-forwarded-for": addressOfNext(),
          ...(cookie !== undefined && { cookie }),
          ...(body && { "content-type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
  return {
    config,
    database,
    auth,
    post: (place, body, cookie) => send("POST", place, cookie, body),
    get: (place, cookie) => send("GET", place, cookie),
    close: () => database.db.destroy(),
  };
}

/** The cookies that an answer sets, as a browser sends them back. */
export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}

let requests = 0;

function addressOfNext(): string {
  requests += 1;
  return `10.0.${requests >> 8}.${requests & 255}`;
}

async function asOwner(statement: string): Promise<void> {
  const client = new Client({ connectionString: needed("ERRAND_TEST_POSTGRES_URL") });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function needed(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is needed: run the tests by scripts/web test`);
  return value;
}
