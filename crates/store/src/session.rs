use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Executor, Postgres, Sqlite, Transaction};
use tokio::sync::Mutex;

use crate::error::ALREADY_FAILED;
use crate::{Backend, StoreError};

/// A connection for the time of one transaction, as SeaORM wants it.
///
/// SeaORM's own transaction prepares every statement under a name, which no transaction-mode pooler
/// bears: with `statement_cache_capacity(0)` the driver still names each one and never closes it.
/// Only `persistent(false)` sends the unnamed statement, and that is the query's to say. Its Parse
/// and its Bind are two round trips with a Sync between them, so the server connection must not
/// change hands there: in pooled mode everything is inside a transaction.
#[derive(Debug)]
pub(crate) struct Session {
    handle: Mutex<Handle>,
    backend: Backend,
    named_statements: bool,
    /// Set while a statement runs, and for good once one has failed or was abandoned half-way.
    /// PostgreSQL answers the COMMIT of such a transaction with a ROLLBACK and no error.
    failed: AtomicBool,
}

#[derive(Debug)]
pub(crate) enum Handle {
    /// No transaction: every statement stands for itself.
    PostgresConnection(PoolConnection<Postgres>),
    Postgres(Transaction<'static, Postgres>),
    Sqlite(Transaction<'static, Sqlite>),
}

/// How often a statement is planned. SQLite's plans never hang on what the tables hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Planning {
    /// Once for a connection, after its first few times: what is planned anew costs a trip more.
    Kept,
    /// Each time, for its values and for what the tables are then.
    EachTime,
}

/// Runs `$method` of a driver's query on whatever the session holds.
macro_rules! run {
    ($session:expr, $statement:expr, $method:ident) => {
        run!($session, $statement, $method, Planning::Kept)
    };
    ($session:expr, $statement:expr, $method:ident, $planning:expr) => {{
        let statement = $statement;
        let values = SqlxValues(
            statement
                .values
                .unwrap_or_else(|| sea_orm::Values(Vec::new())),
        );
        tracing::trace!(target: "store::statement", sql = statement.sql);
        let query = AssertSqlSafe(statement.sql);
        let named = $session.is_named($planning);
        $session
            .guarded(async |handle| {
                Ok(match handle {
                    Handle::PostgresConnection(connection) => sqlx::query_with(query, values)
                        .persistent(named)
                        .$method(&mut **connection)
                        .await?
                        .into_answer(),
                    Handle::Postgres(transaction) => sqlx::query_with(query, values)
                        .persistent(named)
                        .$method(&mut **transaction)
                        .await?
                        .into_answer(),
                    Handle::Sqlite(transaction) => sqlx::query_with(query, values)
                        .persistent(named)
                        .$method(&mut **transaction)
                        .await?
                        .into_answer(),
                })
            })
            .await
    }};
}

impl Session {
    pub(crate) fn new(handle: Handle, named_statements: bool) -> Self {
        let backend = match handle {
            Handle::PostgresConnection(_) | Handle::Postgres(_) => Backend::Postgres,
            Handle::Sqlite(_) => Backend::Sqlite,
        };
        Self {
            handle: Mutex::new(handle),
            backend,
            named_statements,
            failed: AtomicBool::new(false),
        }
    }

    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    /// From here on the transaction can only be rolled back.
    pub(crate) fn fail(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(StoreError::TransactionFailed);
        }
        match self.handle.into_inner() {
            Handle::PostgresConnection(_) => {}
            Handle::Postgres(transaction) => transaction.commit().await?,
            Handle::Sqlite(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        match self.handle.into_inner() {
            Handle::PostgresConnection(_) => {}
            Handle::Postgres(transaction) => transaction.rollback().await?,
            Handle::Sqlite(transaction) => transaction.rollback().await?,
        }
        Ok(())
    }

    /// A statement with its values, `$1` being the first on both databases.
    pub(crate) fn statement(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = sea_orm::Value>,
    ) -> Statement {
        Statement::from_sql_and_values(self.backend.into(), sql, values)
    }

    /// Runs a statement and tells how many rows it changed.
    pub(crate) async fn change(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = sea_orm::Value>,
    ) -> Result<u64, StoreError> {
        Ok(self
            .execute_raw(self.statement(sql, values))
            .await?
            .rows_affected())
    }

    /// Runs a query and gives its rows.
    pub(crate) async fn rows(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = sea_orm::Value>,
    ) -> Result<Vec<QueryResult>, StoreError> {
        Ok(self.query_all_raw(self.statement(sql, values)).await?)
    }

    /// Runs a query and gives its first row.
    pub(crate) async fn row(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = sea_orm::Value>,
    ) -> Result<Option<QueryResult>, StoreError> {
        Ok(self.query_one_raw(self.statement(sql, values)).await?)
    }

    /// As [`Session::change`], planned each time: see [`Session::rows_planned_each_time`].
    pub(crate) async fn change_planned_each_time(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = sea_orm::Value>,
    ) -> Result<u64, StoreError> {
        let statement = self.statement(sql, values);
        let answer: Result<ExecResult, DbErr> = run!(self, statement, execute, Planning::EachTime);
        Ok(answer?.rows_affected())
    }

    /// As [`Session::rows`], planned each time. For a table that is empty most of the time: a plan
    /// that PostgreSQL made then, and kept, reads all of it, row by row, when it is not.
    pub(crate) async fn rows_planned_each_time(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = sea_orm::Value>,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let statement = self.statement(sql, values);
        let answer: Result<Vec<QueryResult>, DbErr> =
            run!(self, statement, fetch_all, Planning::EachTime);
        Ok(answer?)
    }

    fn is_named(&self, planning: Planning) -> bool {
        self.named_statements && (planning == Planning::Kept || self.backend == Backend::Sqlite)
    }

    async fn guarded<T>(
        &self,
        run: impl AsyncFnOnce(&mut Handle) -> Result<T, sqlx::Error>,
    ) -> Result<T, DbErr> {
        let mut handle = self.handle.lock().await;
        if self.failed.swap(true, Ordering::Relaxed) {
            return Err(DbErr::Custom(ALREADY_FAILED.into()));
        }
        let answer = run(&mut handle)
            .await
            .map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))?;
        self.failed.store(false, Ordering::Relaxed);
        Ok(answer)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Session {
    fn get_database_backend(&self) -> DbBackend {
        self.backend.into()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        run!(self, statement, execute)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        tracing::trace!(target: "store::statement", sql);
        let sql = AssertSqlSafe(sql.to_owned());
        self.guarded(async |handle| {
            Ok(match handle {
                Handle::PostgresConnection(connection) => {
                    connection.execute(sql).await?.into_answer()
                }
                Handle::Postgres(transaction) => transaction.execute(sql).await?.into_answer(),
                Handle::Sqlite(transaction) => transaction.execute(sql).await?.into_answer(),
            })
        })
        .await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        run!(self, statement, fetch_optional)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        run!(self, statement, fetch_all)
    }
}

/// What a driver gives, as SeaORM has it.
trait IntoAnswer<T> {
    fn into_answer(self) -> T;
}

impl<R: Into<ExecResult>> IntoAnswer<ExecResult> for R {
    fn into_answer(self) -> ExecResult {
        self.into()
    }
}

impl<R: Into<QueryResult>> IntoAnswer<Option<QueryResult>> for Option<R> {
    fn into_answer(self) -> Option<QueryResult> {
        self.map(Into::into)
    }
}

impl<R: Into<QueryResult>> IntoAnswer<Vec<QueryResult>> for Vec<R> {
    fn into_answer(self) -> Vec<QueryResult> {
        self.into_iter().map(Into::into).collect()
    }
}
