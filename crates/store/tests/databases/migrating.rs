use migrations::{MigrationError, Status};
use store::{SCHEMA_VERSION, Store, StoreConfig, StoreError};

use crate::harness::{
    Kind, TestDatabase, administer, empty_postgres, new_name, pgbouncer_url, postgres_url, run,
    with_database,
};

const NEWER: &str =
    "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_future', 0)";

/// An empty database of each kind: its address, and its name on PostgreSQL.
async fn empty(database: &TestDatabase, folder: &tempfile::TempDir) -> (String, Option<String>) {
    match database.kind {
        Kind::Sqlite => (
            format!("sqlite://{}", folder.path().join("new.db").display()),
            None,
        ),
        Kind::Postgres => {
            let (url, name) = empty_postgres().await;
            (url, Some(name))
        }
        Kind::PgBouncer => {
            let (_, name) = empty_postgres().await;
            (with_database(&pgbouncer_url(), &name), Some(name))
        }
    }
}

async fn drop_database(name: Option<String>) {
    if let Some(name) = name {
        administer(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
}

on_every_database! {
    async fn a_new_database_gets_all_migrations_once(database: &TestDatabase) {
        let folder = tempfile::tempdir().unwrap();
        let (url, name) = empty(database, &folder).await;
        if name.is_some() {
            let before = migrations::status(&url).await.unwrap();
            assert_eq!(before.pending, [SCHEMA_VERSION]);
            assert_eq!((before.applied, before.unknown), (Vec::new(), Vec::new()));
        }
        assert_eq!(migrations::run(&url).await.unwrap(), [SCHEMA_VERSION]);
        assert_eq!(migrations::run(&url).await.unwrap(), [""; 0]);
        let after = Status { applied: vec![SCHEMA_VERSION.into()], ..Status::default() };
        assert_eq!(migrations::status(&url).await.unwrap(), after);
        drop_database(name).await;
    }

    async fn several_may_migrate_at_once(database: &TestDatabase) {
        let folder = tempfile::tempdir().unwrap();
        let (url, name) = empty(database, &folder).await;
        let results = tokio::join!(
            migrations::run(&url),
            migrations::run(&url),
            migrations::run(&url),
            migrations::run(&url),
        );
        let mut applied = [results.0, results.1, results.2, results.3].map(|r| r.unwrap().len());
        applied.sort_unstable();
        assert_eq!(applied, [0, 0, 0, 1]);
        drop_database(name).await;
    }

    async fn the_store_knows_the_newest_migration(database: &TestDatabase) {
        database.store.check().await.unwrap();
        database.store.ping().await.unwrap();
        let status = migrations::status(&database.direct_url).await.unwrap();
        assert_eq!(status.applied.last().map(String::as_str), Some(SCHEMA_VERSION));
    }

    async fn a_newer_database_is_refused_by_name(database: &TestDatabase) {
        database.raw(NEWER).await;
        let error = database.store.check().await.unwrap_err();
        assert!(
            matches!(&error, StoreError::NewerSchema { version } if version.contains("future")),
            "{error:?}"
        );
        let error = migrations::run(&database.direct_url).await.unwrap_err();
        assert!(matches!(&error, MigrationError::Newer { .. }), "{error:?}");
        assert!(error.to_string().contains("m29990101_000001_future"), "{error}");
        let status = migrations::status(&database.direct_url).await.unwrap();
        assert_eq!(status.unknown, ["m29990101_000001_future"]);
    }

    async fn an_older_database_is_not_served(database: &TestDatabase) {
        database.raw("DELETE FROM seaql_migrations").await;
        assert!(matches!(database.store.check().await, Err(StoreError::NotMigrated)));
        database.raw("DROP TABLE seaql_migrations").await;
        let error = database.store.check().await.unwrap_err();
        assert!(matches!(error, StoreError::NotMigrated), "{error:?}");
        assert!(error.to_string().contains("errand migrate"), "{error}");
    }
}

#[test]
fn on_postgresql_everything_is_in_the_schema_errand() {
    run(Kind::Postgres, async |database| {
        let sql = "SELECT DISTINCT schemaname::text FROM pg_tables \
                   WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
        assert_eq!(database.texts(sql).await, ["errand"]);
        let sql = "SELECT n.nspname::text FROM pg_extension e \
                   JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'";
        assert_eq!(database.texts(sql).await, ["errand"]);
    });
}

/// A role that owns nothing and may do nothing but connect.
async fn plain_role(database: &str) -> (String, String) {
    let role = new_name("role");
    administer(&format!("CREATE ROLE {role} LOGIN")).await;
    let url = with_database(&postgres_url(), database).replace("postgres@", &format!("{role}@"));
    (role, url)
}

fn in_runtime(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

#[test]
fn a_role_without_rights_is_told_what_an_administrator_has_to_do() {
    in_runtime(async {
        let (superuser_url, name) = empty_postgres().await;
        let (role, url) = plain_role(&name).await;
        let run_as_superuser = async |sql: &str| {
            use sqlx::{Connection, Executor};
            let mut connection = sqlx::PgConnection::connect(&superuser_url).await.unwrap();
            connection
                .execute(sqlx::AssertSqlSafe(sql.to_owned()))
                .await
                .unwrap();
        };
        let error = migrations::run(&url).await.unwrap_err();
        assert!(
            matches!(error, MigrationError::SchemaForbidden(_)),
            "{error:?}"
        );
        assert!(
            error.to_string().contains("CREATE SCHEMA errand"),
            "{error}"
        );

        run_as_superuser(&format!("CREATE SCHEMA errand AUTHORIZATION {role}")).await;
        let error = migrations::run(&url).await.unwrap_err();
        assert!(
            matches!(error, MigrationError::TrigramsForbidden(_)),
            "{error:?}"
        );
        assert!(
            error.to_string().contains("CREATE EXTENSION pg_trgm"),
            "{error}"
        );

        // Where an administrator puts it is the administrator's to choose.
        run_as_superuser("CREATE SCHEMA extensions; CREATE EXTENSION pg_trgm SCHEMA extensions")
            .await;
        run_as_superuser("GRANT USAGE ON SCHEMA extensions TO PUBLIC").await;
        assert_eq!(migrations::run(&url).await.unwrap(), [SCHEMA_VERSION]);
        let store = Store::connect(&StoreConfig::new(url.as_str()))
            .await
            .unwrap();
        store.check().await.unwrap();
        store.close().await;
        administer(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        administer(&format!("DROP ROLE {role}")).await;
    });
}

#[test]
fn a_role_that_may_create_in_the_database_needs_no_administrator() {
    in_runtime(async {
        let (_, name) = empty_postgres().await;
        let (role, url) = plain_role(&name).await;
        administer(&format!("GRANT CREATE ON DATABASE {name} TO {role}")).await;
        assert_eq!(migrations::run(&url).await.unwrap(), [SCHEMA_VERSION]);
        administer(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        administer(&format!("DROP ROLE {role}")).await;
    });
}

#[test]
fn an_address_of_another_kind_is_refused_without_being_told() {
    in_runtime(async {
        let url = "mysql://root:hunter2@localhost/errand";
        let error = migrations::run(url).await.unwrap_err();
        assert!(
            matches!(error, MigrationError::UnknownDatabase),
            "{error:?}"
        );
        let error = Store::connect(&StoreConfig::new(url)).await.unwrap_err();
        assert!(matches!(error, StoreError::InvalidUrl { .. }), "{error:?}");
        assert!(!format!("{error:?}").contains("hunter2"));
        let config = StoreConfig::new("postgres://root:hunter2@localhost:nonsense/errand");
        assert!(!format!("{config:?}").contains("hunter2"));
        let error = Store::connect(&config).await.unwrap_err();
        assert!(
            !format!("{error:?} {error}").contains("hunter2"),
            "{error:?}"
        );
    });
}
