//! The sidecars' state store, in the same database and out of reach of the services, and they of its.

use domain::AppId;
use e2e::System;

#[tokio::test]
async fn its_role_owns_its_tables_and_has_no_right_to_others() {
    let system = System::found();
    let owners =
        "SELECT DISTINCT schemaname, tableowner FROM pg_tables WHERE tablename LIKE 'dapr_%'";
    assert_eq!(system.sql(owners).await, "errand_state|errand_state\n");
    let rights = "SELECT rolsuper OR rolcreatedb OR rolcreaterole,
                         has_schema_privilege('errand_state', 'errand', 'USAGE'),
                         has_database_privilege('errand_state', 'errand', 'CREATE')
                  FROM pg_roles WHERE rolname = 'errand_state'";
    assert_eq!(system.sql(rights).await, "f|f|f\n");
    // The sidecars are connected as this role.
    let sessions = "SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'errand_state'";
    assert_eq!(system.sql(sessions).await, "t\n");
}

#[tokio::test]
async fn no_service_is_given_its_address() {
    let system = System::found();
    for app in AppId::ALL {
        let sidecar = system.sidecar(app, 0);
        for (name, is_given) in [
            ("DATABASE_URL", true),
            ("ERRAND_SECRET", true),
            ("state-database-url", false),
        ] {
            let given = sidecar.secret("secretstore", name).await;
            assert_eq!(given.is_ok(), is_given, "{app} {name}");
            if let Err(error) = given {
                let denied = error.to_string();
                assert!(denied.contains("does not have permission"), "{denied}");
            }
        }
    }
}
