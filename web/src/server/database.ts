import "server-only";

import { DatabaseSync } from "node:sqlite";

import { NodeSqliteDialect } from "@better-auth/kysely-adapter/node-sqlite-dialect";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";

import type { DatabaseAddress } from "./config";

/** The schema of a PostgreSQL database that the web app's tables are in. */
export const SCHEMA = "errand_web";

/** Any two numbers that nothing else in the database locks. */
const MIGRATION_LOCK = 0x65_72_72_64;

/** How long one process waits for another that writes. */
const BUSY_TIMEOUT_MS = 5_000;

/** A database in the form that Better Auth takes one; whose tables are is its matter. */
export interface Database {
  readonly db: Kysely<unknown>;
  readonly type: "sqlite" | "postgres";
  readonly schemaName?: string;
  readonly transaction: true;
}

/** Opens the web app's database. PostgreSQL is reached when it is first asked, SQLite at once. */
export function openDatabase(address: DatabaseAddress): Database {
  switch (address.kind) {
    case "sqlite":
      return { db: new Kysely({ dialect: sqlite(address.path) }), type: "sqlite", transaction: true };
    case "postgres":
      return {
        db: new Kysely({ dialect: postgres(address.url) }),
        type: "postgres",
        schemaName: SCHEMA,
        transaction: true,
      };
  }
}

/** Whether the database answers; rejects when it does not. */
export async function ping(database: Database): Promise<void> {
  await sql`SELECT 1`.execute(database.db);
}

/**
 * Runs migrations as the only process that does: whoever comes second waits and finds them done. All of it is one
 * transaction, so a pooler that hands out connections by transaction is no hindrance, and nothing is half done.
 */
export async function exclusively(database: Database, migrate: (locked: Database) => Promise<void>): Promise<void> {
  if (database.type === "postgres") {
    await database.db.transaction().execute(async (transaction) => {
      await sql`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
      await createSchema(transaction);
      await migrate({ ...database, db: transaction });
    });
    return;
  }
  await database.db.connection().execute(async (connection) => {
    await sql`BEGIN IMMEDIATE`.execute(connection);
    try {
      await migrate({ ...database, db: connection });
      await sql`COMMIT`.execute(connection);
    } catch (error) {
      await sql`ROLLBACK`.execute(connection);
      throw error;
    }
  });
}

function sqlite(path: string): NodeSqliteDialect {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: BUSY_TIMEOUT_MS });
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  return new NodeSqliteDialect({ database });
}

function postgres(url: string): PostgresDialect {
  const pool = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 30_000 });
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on("error", () => undefined);
  return new PostgresDialect({ pool });
}

/** The right to create a schema is asked for only where there is none yet. */
async function createSchema(database: Kysely<unknown>): Promise<void> {
  const found = await sql`SELECT FROM pg_namespace WHERE nspname = ${SCHEMA}`.execute(database);
  if (found.rows.length === 0) await sql`CREATE SCHEMA ${sql.id(SCHEMA)}`.execute(database);
}
