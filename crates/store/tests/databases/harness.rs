//! A database for each test, made from a migrated template and dropped when the test ends.

use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, Row, SqliteConnection};
use store::{Store, StoreConfig};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Makes of each function three tests, one a database.
macro_rules! on_every_database {
    ($(async fn $name:ident($database:ident: &TestDatabase) $body:block)*) => {
        $(mod $name {
            use super::*;

            async fn body($database: &$crate::harness::TestDatabase) $body

            #[test]
            fn sqlite() {
                $crate::harness::run($crate::harness::Kind::Sqlite, async |database| {
                    body(database).await;
                });
            }

            #[test]
            fn postgres() {
                $crate::harness::run($crate::harness::Kind::Postgres, async |database| {
                    body(database).await;
                });
            }

            #[test]
            fn pgbouncer() {
                $crate::harness::run($crate::harness::Kind::PgBouncer, async |database| {
                    body(database).await;
                });
            }
        })*
    };
}

/// Where a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
    PgBouncer,
}

/// A database of one test's own, migrated and open.
pub struct TestDatabase {
    pub kind: Kind,
    pub store: Store,
    pub config: StoreConfig,
    /// Where a second connection goes, past the pooler.
    pub direct_url: String,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    /// Runs statements on a connection of its own, past the store.
    pub async fn raw(&self, sql: &str) {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        if self.kind == Kind::Sqlite {
            let mut connection = SqliteConnection::connect(&self.direct_url).await.unwrap();
            connection.execute(sql).await.unwrap();
        } else {
            let mut connection = self.direct().await;
            connection.execute(sql).await.unwrap();
        }
    }

    /// The first column of every row, as text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        if self.kind == Kind::Sqlite {
            let mut connection = SqliteConnection::connect(&self.direct_url).await.unwrap();
            // A query plan tells its step in the fourth column.
            let rows = connection.fetch_all(sqlx::query(sql)).await.unwrap();
            rows.iter()
                .map(|row| row.get(if row.len() == 4 { 3 } else { 0 }))
                .collect()
        } else {
            let rows = self
                .direct()
                .await
                .fetch_all(sqlx::query(sql))
                .await
                .unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }

    /// A connection to PostgreSQL past the pooler, in the store's schema.
    pub async fn direct(&self) -> PgConnection {
        let options: PgConnectOptions = self.direct_url.parse().unwrap();
        options
            .options([("search_path", "errand")])
            .connect()
            .await
            .unwrap()
    }
}

/// Runs a test on a database of its own.
pub fn run(kind: Kind, test: impl AsyncFnOnce(&TestDatabase)) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        match kind {
            Kind::Sqlite => on_sqlite(test).await,
            Kind::Postgres | Kind::PgBouncer => on_postgres(kind, test).await,
        }
    });
}

async fn on_sqlite(test: impl AsyncFnOnce(&TestDatabase)) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("errand.db").display());
    migrations::run(&url).await.unwrap();
    let config = StoreConfig::new(url.as_str());
    let database = TestDatabase {
        kind: Kind::Sqlite,
        store: Store::connect(&config).await.unwrap(),
        config,
        direct_url: url,
        _folder: Some(folder),
    };
    test(&database).await;
    database.store.close().await;
}

async fn on_postgres(kind: Kind, test: impl AsyncFnOnce(&TestDatabase)) {
    let template = template().await;
    let name = new_name("test");
    administer(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    let direct_url = with_database(&postgres_url(), &name);
    let mut config = StoreConfig::new(direct_url.as_str());
    if kind == Kind::PgBouncer {
        config = StoreConfig::new(with_database(&pgbouncer_url(), &name));
        config.pooled = true;
    }
    let database = TestDatabase {
        kind,
        store: Store::connect(&config).await.unwrap(),
        config,
        direct_url,
        _folder: None,
    };
    let result = catch(test(&database)).await;
    database.store.close().await;
    administer(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = result {
        resume_unwind(panic);
    }
}

/// An empty PostgreSQL database without tables, for tests of migrations; the caller drops it.
pub async fn empty_postgres() -> (String, String) {
    let name = new_name("empty");
    administer(&format!("CREATE DATABASE {name}")).await;
    (with_database(&postgres_url(), &name), name)
}

/// The address of PostgreSQL, whose role may do everything.
#[expect(
    clippy::disallowed_methods,
    reason = "scripts/with-databases tells it this way"
)]
pub fn postgres_url() -> String {
    std::env::var("ERRAND_TEST_POSTGRES_URL")
        .expect("the tests need databases: run them with scripts/with-databases")
}

/// The address of PgBouncer before it.
#[expect(
    clippy::disallowed_methods,
    reason = "scripts/with-databases tells it this way"
)]
pub fn pgbouncer_url() -> String {
    std::env::var("ERRAND_TEST_PGBOUNCER_URL")
        .expect("the tests need databases: run them with scripts/with-databases")
}

/// The same address with another database's name.
pub fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').expect("the address names a database");
    format!("{server}/{name}")
}

/// Runs a statement as the server's superuser.
pub async fn administer(sql: &str) {
    let mut connection = PgConnection::connect(&postgres_url()).await.unwrap();
    connection
        .execute(sqlx::AssertSqlSafe(sql.to_owned()))
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// A name that no other test of this or another run has.
pub fn new_name(prefix: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}_{}_{count}", std::process::id())
}

/// A migrated database without connections, from which copies are made.
async fn template() -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(async || {
            let name = new_name("template");
            administer(&format!("CREATE DATABASE {name}")).await;
            migrations::run(&with_database(&postgres_url(), &name))
                .await
                .unwrap();
            administer(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            ))
            .await;
            name
        })
        .await
}

async fn catch(test: impl Future<Output = ()>) -> std::thread::Result<()> {
    futures::FutureExt::catch_unwind(AssertUnwindSafe(test)).await
}
