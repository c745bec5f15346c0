//! What can be configured of the web app.

use std::path::PathBuf;

use reqwest::Url;
use secrecy::SecretString;
use service_kit::config::Reader;

/// The port of the web app, where nothing else is said.
pub const WEB_PORT: u16 = 3000;

/// Section `web`. It is read in every process, and means something where the web app is started.
#[derive(Clone, Debug)]
pub struct WebSettings {
    /// The folder with the built web app; without it there is none.
    pub folder: Option<PathBuf>,
    /// Its port.
    pub port: u16,
    /// The address by which people open it: an origin, as browsers write it.
    pub url: Option<String>,
    /// What the web app reads itself, by its variable. Errand passes it on as it is.
    pub passed_on: Vec<(&'static str, SecretString)>,
}

/// What the web app reads itself: key, variable, meaning. What is secret is marked.
const PASSED_ON: [(&str, &str, &str, bool); 11] = [
    (
        "web.secret",
        "ERRAND_WEB_SECRET",
        "seals the web app's sessions and keys; at least 32 bytes; `errand up` makes it of its own secret",
        true,
    ),
    (
        "web.database_url",
        "ERRAND_WEB_DATABASE_URL",
        "the web app's own database, sqlite:///… or postgres://…; in `errand up` web.db in the data folder",
        true,
    ),
    (
        "web.realtime_url",
        "ERRAND_WEB_REALTIME_URL",
        "where the web app finds realtime-service; `errand up` knows",
        false,
    ),
    (
        "web.sign_up",
        "ERRAND_WEB_SIGN_UP",
        "who may sign up: first (until there is a first user, then by invitation), open, invitation or closed",
        false,
    ),
    (
        "web.smtp_url",
        "ERRAND_WEB_SMTP_URL",
        "the mail server for password resets, smtp://… or smtps://…",
        true,
    ),
    (
        "web.mail_from",
        "ERRAND_WEB_MAIL_FROM",
        "whom the web app's mails come from",
        false,
    ),
    (
        "web.oidc_issuer",
        "ERRAND_WEB_OIDC_ISSUER",
        "an OpenID Connect provider to sign in with",
        false,
    ),
    (
        "web.oidc_client_id",
        "ERRAND_WEB_OIDC_CLIENT_ID",
        "the web app's id at that provider",
        false,
    ),
    (
        "web.oidc_client_secret",
        "ERRAND_WEB_OIDC_CLIENT_SECRET",
        "the web app's secret at that provider",
        true,
    ),
    (
        "web.oidc_name",
        "ERRAND_WEB_OIDC_NAME",
        "what the button of that provider says",
        false,
    ),
    (
        "web.passkeys",
        "ERRAND_WEB_PASSKEYS",
        "whether people may sign in by passkeys; this version of the web app knows none: false",
        false,
    ),
];

impl WebSettings {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        let folder: Option<String> = reader.optional(
            "web.folder",
            "the built web app that `errand up` runs; without it none",
        );
        let port = reader.within(
            "web.port",
            WEB_PORT,
            1..=u16::MAX,
            "the web app's port, in `errand up`",
        );
        let url: Option<String> = reader.optional(
            "web.url",
            "the address by which people open the web app; in `errand up` http://localhost:<port>",
        );
        let url = url.and_then(|url| {
            let origin = origin(&url);
            if origin.is_none() {
                reader.reject(
                    "web.url",
                    "must be an http or https address without a path, such as https://errand.example.org",
                );
            }
            origin
        });
        let passed_on = PASSED_ON
            .into_iter()
            .filter_map(|(key, variable, meaning, is_secret)| {
                let value = if is_secret {
                    reader.secret(key, meaning)
                } else {
                    let value: Option<String> = reader.optional(key, meaning);
                    value.map(SecretString::from)
                };
                Some((variable, value?))
            })
            .collect();
        Self {
            passed_on,
            folder: folder.map(PathBuf::from),
            port,
            url,
        }
    }

    /// What is passed on under a variable.
    pub fn given(&self, variable: &str) -> Option<&SecretString> {
        let given = self.passed_on.iter().find(|(name, _)| *name == variable);
        given.map(|(_, value)| value)
    }
}

/// The origin that an address is, as browsers write it and the web app, too: tokens name their issuer
/// by it, letter for letter.
fn origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let is_origin = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    is_origin.then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;
    use service_kit::config::{ConfigErrors, Sources};

    use super::*;

    fn read(sources: Sources) -> Result<WebSettings, ConfigErrors> {
        let mut reader = Reader::new(sources);
        let settings = WebSettings::read(&mut reader);
        reader.finish().map(|_| settings)
    }

    fn with_url(url: &str) -> Result<WebSettings, ConfigErrors> {
        read(Sources::from_environment([("ERRAND_WEB_URL", url)]))
    }

    #[test]
    fn nothing_needs_to_be_said() {
        let settings = read(Sources::default()).unwrap();
        assert_eq!((settings.folder, settings.port), (None, WEB_PORT));
        assert!(settings.passed_on.is_empty());
    }

    #[test]
    fn what_is_for_the_web_app_is_passed_on_under_its_variable() {
        let file = "[web]\nsign_up = \"open\"\noidc_client_secret = \"quiet\"\npasskeys = true\n";
        let settings = read(Sources::default().with_file("errand.toml", file)).unwrap();
        let passed: Vec<_> = settings
            .passed_on
            .iter()
            .map(|(name, value)| (*name, value.expose_secret()))
            .collect();
        let expected = [
            ("ERRAND_WEB_SIGN_UP", "open"),
            ("ERRAND_WEB_OIDC_CLIENT_SECRET", "quiet"),
            ("ERRAND_WEB_PASSKEYS", "true"),
        ];
        assert_eq!(passed, expected);
        assert!(!format!("{settings:?}").contains("quiet"));
    }

    #[test]
    fn the_variables_are_those_of_the_keys() {
        let all = PASSED_ON.map(|(_, variable, ..)| (variable, "x"));
        let settings = read(Sources::from_environment(all)).unwrap();
        assert_eq!(settings.passed_on.len(), PASSED_ON.len());
    }

    #[test]
    fn the_address_is_an_origin() {
        for (url, expected) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://errand.example.org/", "https://errand.example.org"),
            (
                "HTTPS://Errand.Example.org:443",
                "https://errand.example.org",
            ),
        ] {
            assert_eq!(with_url(url).unwrap().url.as_deref(), Some(expected));
        }
        for url in [
            "errand.example.org",
            "ftp://errand.example.org",
            "https://errand.example.org/tasks",
            "https://errand.example.org/?a=b",
            "https://me@errand.example.org",
        ] {
            with_url(url).unwrap_err();
        }
    }
}
