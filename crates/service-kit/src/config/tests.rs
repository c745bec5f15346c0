use domain::AppId;
use secrecy::ExposeSecret as _;

use super::*;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn read(sources: Sources) -> Result<Config, ConfigErrors> {
    let mut reader = Reader::new(sources);
    let config = Config::read(&mut reader);
    reader.finish().map(|_| config)
}

#[test]
fn the_environment_is_stronger_than_the_file_and_the_file_than_the_defaults() {
    let file = "[server]\nport = 9000\nmax_connections = 10\ncors_origins = [\"http://a\", \"http://b\"]\n[outbox]\npoll = \"1s\"";
    let variables = [
        ("ERRAND_SERVER_MAX_CONNECTIONS", "20"),
        ("DAPR_GRPC_PORT", "50002"),
        ("ERRAND_LOG", "debug"),
        ("PATH", "/bin"),
    ];
    let config = read(Sources::from_environment(variables).with_file("errand.toml", file)).unwrap();
    assert_eq!(config.server.port, Some(9000));
    assert_eq!(config.server.max_connections, 20);
    assert_eq!(config.server.cors_origins, ["http://a", "http://b"]);
    assert_eq!(config.sidecar.grpc_port, 50002);
    assert_eq!(config.telemetry.log, "debug");
    assert_eq!(config.outbox.poll, std::time::Duration::from_secs(1));
    assert_eq!(config.outbox.batch_rows, 100);
}

#[test]
fn the_variables_that_work_everywhere_work() {
    let variables = [
        ("DATABASE_URL", "sqlite:tasks.db"),
        ("DATABASE_DIRECT_URL", "postgres://direct"),
        ("JWT_SECRET", SECRET),
        ("ERRAND_SECRET", SECRET),
        ("ENVIRONMENT", "production"),
        ("SERVICE", "audit-service"),
        ("DAPR_HTTP_PORT", "3501"),
        ("DAPR_GRPC_PORT", "50002"),
        ("DAPR_API_TOKEN", "to the sidecar"),
        ("APP_API_TOKEN", "to us"),
    ];
    let config = read(Sources::from_environment(variables)).unwrap();
    assert_eq!(
        config.database.url.unwrap().expose_secret(),
        "sqlite:tasks.db"
    );
    assert_eq!(
        config.database.direct_url.unwrap().expose_secret(),
        "postgres://direct"
    );
    assert!(
        matches!(&config.auth.issuers[0].keys, IssuerKeys::Secret(secret) if secret.expose_secret() == SECRET)
    );
    assert_eq!(config.secrets.current.unwrap().expose_secret(), SECRET);
    assert_eq!(config.process.environment, Environment::Production);
    assert_eq!(config.process.service.as_deref(), Some("audit-service"));
    assert_eq!(config.sidecar.http_port, 3501);
    assert_eq!(
        config.sidecar.api_token.unwrap().expose_secret(),
        "to the sidecar"
    );
    assert_eq!(
        config.sidecar.app_api_token.unwrap().expose_secret(),
        "to us"
    );
}

#[test]
fn all_problems_are_listed_at_once_with_key_and_origin() {
    let file = "[server]\nport = \"many\"\nmax_conections = 3\n[outbox]\nbatch_rows = 0\n[auth]\nlocal = 1";
    let variables = [
        ("ERRAND_SECRET", "short"),
        ("ERRAND_SERVER_PROT", "1"),
        ("ERRAND_CANARY_QUIET", "long"),
        ("ERRAND_TEST_POSTGRES_URL", "is for the tests"),
        ("ENVIRONMENT", "staging"),
        (
            "ERRAND_AUTH_ISSUERS",
            r#"[{"issuer":"web","audience":"errand","algorithm":"none","jwks_url":"http://x/jwks"}]"#,
        ),
        ("DAPR_GRPC_PORT", "70000"),
    ];
    let errors =
        read(Sources::from_environment(variables).with_file("errand.toml", file)).unwrap_err();
    insta::assert_snapshot!(errors, @r"
    the configuration has 10 problems
      ERRAND_SERVER_PROT (environment): is not a setting; did you mean ERRAND_SERVER_PORT?
      auth.issuers (environment variable ERRAND_AUTH_ISSUERS): the algorithm of web must be EdDSA, ES256 or RS256
      auth.local (errand.toml): must be true or false
      canary.quiet (environment variable ERRAND_CANARY_QUIET): must be a length of time such as 250ms, 30s, 15min or 30days
      outbox.batch_rows (errand.toml): must be from 1 to 1000
      process.environment (environment variable ENVIRONMENT): must be development or production
      secrets.current (environment variable ERRAND_SECRET): must have at least 32 bytes
      server.max_conections (errand.toml): is not a setting; did you mean server.max_connections?
      server.port (errand.toml): must be a whole number from 0 to 65535
      sidecar.grpc_port (environment variable DAPR_GRPC_PORT): must be a whole number from 0 to 65535
    ");
}

#[test]
fn a_file_that_is_not_toml_is_one_problem() {
    let errors = read(Sources::default().with_file("errand.toml", "[server")).unwrap_err();
    assert_eq!(errors.0.len(), 1, "{errors}");
    assert_eq!(errors.0[0].key, "errand.toml");
    let message = &errors.0[0].message;
    assert!(message.starts_with("is not TOML: "), "{message}");
    assert!(message.contains("line 1, column 8"), "{message}");
    assert!(!message.contains(['\n', '|']), "{message}");
}

#[test]
fn with_more_than_one_issuer_each_has_a_name_of_its_own() {
    let web = r#"[{"issuer":"web","audience":"errand","algorithm":"EdDSA","jwks_url":"http://web/jwks"}]"#;
    let message = |variables: &[(&str, &str)]| {
        let sources = Sources::from_environment(variables.iter().copied());
        read(sources).map_or_else(|errors| errors.0[0].message.clone(), |_| String::new())
    };
    let required = "is required when there is more than one issuer";
    assert_eq!(message(&[("ERRAND_AUTH_ISSUERS", web)]), "");
    assert_eq!(
        message(&[("ERRAND_AUTH_ISSUERS", web), ("ERRAND_AUTH_LOCAL", "true")]),
        ""
    );
    assert_eq!(
        message(&[("JWT_SECRET", SECRET), ("ERRAND_AUTH_LOCAL", "true")]),
        required
    );
    assert_eq!(
        message(&[("JWT_SECRET", SECRET), ("ERRAND_AUTH_ISSUERS", web)]),
        required
    );
    let named = [
        ("JWT_SECRET", SECRET),
        ("ERRAND_AUTH_ISSUERS", web),
        ("ERRAND_AUTH_JWT_ISSUER", "web"),
    ];
    assert_eq!(message(&named), "the issuer web is given twice");
}

#[test]
fn secrets_are_not_printed() {
    let variables = [
        ("ERRAND_SECRET", SECRET),
        ("JWT_SECRET", SECRET),
        ("DATABASE_URL", SECRET),
        ("APP_API_TOKEN", SECRET),
    ];
    let config = read(Sources::from_environment(variables)).unwrap();
    assert!(!format!("{config:?}").contains(SECRET));
}

#[test]
fn every_setting_is_documented_and_declared_once() {
    let mut reader = Reader::new(Sources::default());
    Config::read(&mut reader);
    let settings = reader.finish().unwrap();
    for (index, setting) in settings.iter().enumerate() {
        assert!(!setting.meaning.is_empty(), "{}", setting.key);
        assert!(
            settings[index + 1..]
                .iter()
                .all(|other| other.variable != setting.variable),
            "{}",
            setting.key
        );
    }
}

#[test]
fn a_setting_of_two_services_is_listed_once_with_both() {
    let mut reader = Reader::new(Sources::default());
    let read = |reader: &mut Reader| reader.duration("retention.trash", "30days", "for how long");
    reader.only_for(AppId::RealtimeService, read);
    reader.only_for(AppId::BackendApi, read);
    let meant_for = |settings: Vec<Setting>| -> Vec<Vec<AppId>> {
        let services = settings.into_iter().map(|setting| setting.services);
        services
            .map(|services| services.into_iter().collect())
            .collect()
    };
    let both = vec![AppId::BackendApi, AppId::RealtimeService];
    assert_eq!(meant_for(reader.finish().unwrap()), [both]);

    // What is for every process is for these services, too.
    let mut reader = Reader::new(Sources::default());
    reader.only_for(AppId::RealtimeService, read);
    read(&mut reader);
    reader.only_for(AppId::BackendApi, read);
    assert_eq!(meant_for(reader.finish().unwrap()), [vec![]]);
}

#[test]
#[should_panic(expected = "two sections declare retention.trash")]
fn two_sections_must_agree_on_a_setting() {
    let mut reader = Reader::new(Sources::default());
    reader.duration("retention.trash", "30days", "for how long");
    reader.duration("retention.trash", "31days", "for how long");
}
