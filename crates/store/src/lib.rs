//! Everything kept in a database: SeaORM entities, queries and transactions on PostgreSQL and SQLite.
