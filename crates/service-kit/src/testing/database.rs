use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use store::{Store, StoreConfig};
use tempfile::TempDir;
use uuid::{Builder, Uuid};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file in a folder of its own.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// PostgreSQL behind a transaction-mode pooler.
    PgBouncer,
}

/// A migrated, empty database of one test. What it is made of goes with it: the folder at once, a
/// PostgreSQL database with its throw-away server.
#[derive(Debug)]
pub struct TestDatabase {
    config: StoreConfig,
    direct_url: String,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    /// Makes the database.
    pub async fn create(database: Database) -> Self {
        match database {
            Database::Sqlite => {
                let folder = tempfile::tempdir().expect("a folder for the database");
                let url = format!("sqlite:{}", folder.path().join("errand.db").display());
                Self::migrated(&url, StoreConfig::new(url.clone()), Some(folder)).await
            }
            Database::Postgres => {
                let url = create_postgres().await;
                Self::migrated(&url, StoreConfig::new(url.clone()), None).await
            }
            Database::PgBouncer => {
                let url = create_postgres().await;
                let name = url.rsplit('/').next().expect("the URL ends with the name");
                let pooler = with_database(&server("ERRAND_TEST_PGBOUNCER_URL"), name);
                Self::migrated(
                    &url,
                    StoreConfig {
                        pooled: true,
                        ..StoreConfig::new(pooler)
                    },
                    None,
                )
                .await
            }
        }
    }

    /// Opens it. Each call is another process, as far as the database can tell.
    pub async fn open(&self) -> Store {
        Store::connect(&self.config)
            .await
            .expect("the test's database opens")
    }

    /// Its address, as `DATABASE_URL` takes it.
    pub fn url(&self) -> &str {
        self.config.url.expose()
    }

    /// Changes it behind everybody's back. Tables are named as on PostgreSQL, where they are in the
    /// schema `errand`.
    pub async fn execute(&self, sql: &str) {
        execute(&self.direct_url, sql).await;
    }

    async fn migrated(direct_url: &str, config: StoreConfig, folder: Option<TempDir>) -> Self {
        migrations::run(direct_url)
            .await
            .expect("the test's database takes the migrations");
        Self {
            config,
            direct_url: direct_url.to_owned(),
            _folder: folder,
        }
    }
}

/// Changes the database at an address behind everybody's back. Tables are named as on PostgreSQL,
/// where they are in the schema `errand`.
pub async fn execute(url: &str, sql: &str) {
    if url.starts_with("sqlite:") {
        let sql = AssertSqlSafe(sql.replace("errand.", ""));
        let mut connection = SqliteConnection::connect(url)
            .await
            .expect("the test's database opens");
        connection
            .execute(sql)
            .await
            .expect("the statement is valid");
        connection.close().await.expect("the connection closes");
    } else {
        let mut connection = PgConnection::connect(url)
            .await
            .expect("the test's database opens");
        let sql = AssertSqlSafe(sql.to_owned());
        connection
            .execute(sql)
            .await
            .expect("the statement is valid");
        connection.close().await.expect("the connection closes");
    }
}

async fn create_postgres() -> String {
    let server = server("ERRAND_TEST_POSTGRES_URL");
    let random: Uuid = Builder::from_random_bytes(rand::random()).into_uuid();
    let name = format!("errand_{}", random.simple());
    let mut connection = PgConnection::connect(&server)
        .await
        .expect("the test's PostgreSQL answers");
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    connection
        .execute(create)
        .await
        .expect("the test's PostgreSQL makes a database");
    connection.close().await.expect("the connection closes");
    with_database(&server, &name)
}

fn server(variable: &str) -> String {
    let (_, value) = crate::config::environment()
        .into_iter()
        .find(|(name, _)| name == variable)
        .unwrap_or_else(|| {
            panic!("{variable} is not set: run the tests with scripts/with-databases")
        });
    value
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url
        .split_once('?')
        .map_or((url, String::new()), |(base, query)| {
            (base, format!("?{query}"))
        });
    let server = match base.match_indices('/').nth(2) {
        Some((slash, _)) => &base[..slash],
        None => base,
    };
    format!("{server}/{name}{query}")
}
