//! Reads settings one by one and remembers what was wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::RangeInclusive,
};

use domain::AppId;
use figment::{
    Figment,
    providers::{Format as _, Toml},
    value::{Dict, Value as Raw},
};
use secrecy::SecretString;

use super::{ConfigErrors, Problem, Sources, Value};

/// The variables that every tool around Errand knows, and the keys they set.
const PLAIN_VARIABLES: [(&str, &str); 10] = [
    ("DATABASE_URL", "database.url"),
    ("DATABASE_DIRECT_URL", "database.direct_url"),
    ("JWT_SECRET", "auth.jwt_secret"),
    ("ERRAND_SECRET", "secrets.current"),
    ("ENVIRONMENT", "process.environment"),
    ("SERVICE", "process.service"),
    ("DAPR_HTTP_PORT", "sidecar.http_port"),
    ("DAPR_GRPC_PORT", "sidecar.grpc_port"),
    ("DAPR_API_TOKEN", "sidecar.api_token"),
    ("APP_API_TOKEN", "sidecar.app_api_token"),
];

/// Variables whose name is not made from their key, besides.
const OWN_VARIABLES: [(&str, &str); 3] = [
    ("ERRAND_SECRET_PREVIOUS", "secrets.previous"),
    ("ERRAND_LOG", "telemetry.log"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "telemetry.otlp_endpoint"),
];

/// Variables with our prefix that are not configuration of the program.
const FOREIGN_PREFIX: &str = "ERRAND_TEST_";

/// One setting as a section declared it: what the documentation lists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setting {
    /// The key in `errand.toml`, such as `server.max_connections`.
    pub key: String,
    /// The environment variable.
    pub variable: String,
    /// The default, empty where there is none.
    pub default: String,
    /// What it is for.
    pub meaning: String,
    /// The services that it is for; empty where it is for every process.
    pub services: BTreeSet<AppId>,
}

/// Gives sections their settings. Not `Debug`: what it read holds secrets.
pub struct Reader {
    file_name: String,
    file: BTreeMap<String, Raw>,
    environment: BTreeMap<String, String>,
    settings: BTreeMap<String, Setting>,
    /// The service whose settings are being read, if it is one's alone.
    service: Option<AppId>,
    problems: Vec<Problem>,
}

impl Reader {
    /// Reads from these sources.
    pub fn new(sources: Sources) -> Self {
        let (file_name, text) = sources.file.unwrap_or_default();
        let mut problems = Vec::new();
        let mut file = BTreeMap::new();
        match Figment::from(Toml::string(&text)).extract::<Dict>() {
            Ok(dictionary) => flatten("", dictionary, &mut file),
            Err(error) => problems.push(Problem {
                key: file_name.clone(),
                origin: String::new(),
                message: format!("is not TOML: {}", on_one_line(&error.kind.to_string())),
            }),
        }
        Self {
            file_name,
            file,
            environment: sources.environment,
            settings: BTreeMap::new(),
            service: None,
            problems,
        }
    }

    /// Reads settings that are for one service. A key may be for several, which then must agree on
    /// its default and its meaning.
    pub fn only_for<T>(&mut self, service: AppId, read: impl FnOnce(&mut Self) -> T) -> T {
        let around = self.service.replace(service);
        let settings = read(self);
        self.service = around;
        settings
    }

    /// A setting with a default.
    pub fn get<T: Value + fmt::Display>(&mut self, key: &str, default: T, meaning: &str) -> T {
        self.declare(key, default.to_string(), meaning);
        self.parse(key).unwrap_or(default)
    }

    /// A whole number with a default, within bounds.
    pub fn within<T>(
        &mut self,
        key: &str,
        default: T,
        bounds: RangeInclusive<T>,
        meaning: &str,
    ) -> T
    where
        T: Value + fmt::Display + PartialOrd + Copy,
    {
        let value = self.get(key, default, meaning);
        if bounds.contains(&value) {
            return value;
        }
        self.reject(
            key,
            format!("must be from {} to {}", bounds.start(), bounds.end()),
        );
        default
    }

    /// A length of time with a default, given as it would be written: `30s`.
    pub fn duration(&mut self, key: &str, default: &str, meaning: &str) -> std::time::Duration {
        self.declare(key, default.to_owned(), meaning);
        let default = humantime::parse_duration(default).expect("the default is a length of time");
        self.parse(key).unwrap_or(default)
    }

    /// A setting without a default.
    pub fn optional<T: Value>(&mut self, key: &str, meaning: &str) -> Option<T> {
        self.declare(key, String::new(), meaning);
        self.parse(key)
    }

    /// A list, empty by default.
    pub fn list<T: Value>(&mut self, key: &str, meaning: &str) -> Vec<T> {
        self.optional(key, meaning).unwrap_or_default()
    }

    /// A secret. Its value is never printed, and an empty one is none.
    pub fn secret(&mut self, key: &str, meaning: &str) -> Option<SecretString> {
        self.declare(key, String::new(), meaning);
        let (raw, _) = self.find(key)?;
        match raw {
            Raw::String(_, text) if text.is_empty() => None,
            Raw::String(_, text) => Some(SecretString::from(text)),
            _ => {
                self.reject(key, "must be a text");
                None
            }
        }
    }

    /// Notes that a value is not acceptable.
    pub fn reject(&mut self, key: &str, message: impl Into<String>) {
        let origin = self.find(key).map(|(_, origin)| origin).unwrap_or_default();
        self.problems.push(Problem {
            key: key.to_owned(),
            origin,
            message: message.into(),
        });
    }

    /// Ends the reading: everything that was wrong, unknown keys included, or the list of settings.
    pub fn finish(mut self) -> Result<Vec<Setting>, ConfigErrors> {
        self.reject_unknown();
        if self.problems.is_empty() {
            return Ok(self.settings.into_values().collect());
        }
        self.problems.sort();
        self.problems.dedup();
        Err(ConfigErrors(self.problems))
    }

    fn declare(&mut self, key: &str, default: String, meaning: &str) {
        let setting = Setting {
            key: key.to_owned(),
            variable: variable(key),
            default,
            meaning: meaning.to_owned(),
            services: self.service.into_iter().collect(),
        };
        let Some(known) = self.settings.get_mut(key) else {
            self.settings.insert(key.to_owned(), setting);
            return;
        };
        assert!(
            known.default == setting.default && known.meaning == setting.meaning,
            "two sections declare {key}, and otherwise"
        );
        if setting.services.is_empty() {
            known.services.clear();
        } else if !known.services.is_empty() {
            known.services.extend(setting.services);
        }
    }

    fn parse<T: Value>(&mut self, key: &str) -> Option<T> {
        let (raw, origin) = self.find(key)?;
        match T::parse(&raw) {
            Ok(value) => Some(value),
            Err(message) => {
                self.problems.push(Problem {
                    key: key.to_owned(),
                    origin,
                    message,
                });
                None
            }
        }
    }

    /// The value and where it came from. An empty variable counts as unset: that is how shells and
    /// compose files clear one.
    fn find(&self, key: &str) -> Option<(Raw, String)> {
        let variable = variable(key);
        if let Some(text) = self
            .environment
            .get(&variable)
            .filter(|text| !text.is_empty())
        {
            return Some((
                Raw::from(text.as_str()),
                format!("environment variable {variable}"),
            ));
        }
        self.file
            .get(key)
            .map(|raw| (raw.clone(), self.file_name.clone()))
    }

    fn reject_unknown(&mut self) {
        let keys: BTreeSet<&str> = self
            .settings
            .values()
            .map(|setting| setting.key.as_str())
            .collect();
        let variables: BTreeSet<&str> = self
            .settings
            .values()
            .map(|setting| setting.variable.as_str())
            .collect();
        let unknown_keys = self
            .file
            .keys()
            .filter(|key| !keys.contains(key.as_str()))
            .map(|key| Problem {
                key: key.clone(),
                origin: self.file_name.clone(),
                message: unknown(key, &keys),
            });
        let is_ours = |name: &str| name.starts_with("ERRAND_") && !name.starts_with(FOREIGN_PREFIX);
        let unknown_variables = self
            .environment
            .keys()
            .filter(|name| is_ours(name) && !variables.contains(name.as_str()))
            .map(|name| Problem {
                key: name.clone(),
                origin: "environment".into(),
                message: unknown(name, &variables),
            });
        let unknown: Vec<_> = unknown_keys.chain(unknown_variables).collect();
        self.problems.extend(unknown);
    }
}

/// The variable that sets a key: `server.max_connections` is `ERRAND_SERVER_MAX_CONNECTIONS`.
fn variable(key: &str) -> String {
    let named = PLAIN_VARIABLES
        .iter()
        .chain(&OWN_VARIABLES)
        .find(|(_, named)| *named == key);
    match named {
        Some((variable, _)) => (*variable).to_owned(),
        None => format!("ERRAND_{}", key.replace('.', "_").to_uppercase()),
    }
}

/// Tables become dotted keys. Arrays stay what they are.
fn flatten(prefix: &str, dictionary: Dict, flat: &mut BTreeMap<String, Raw>) {
    for (name, value) in dictionary {
        let key = if prefix.is_empty() {
            name
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            Raw::Dict(_, inner) => flatten(&key, inner, flat),
            value => {
                flat.insert(key, value);
            }
        }
    }
}

/// What a parser says, without the picture it draws of the place.
fn on_one_line(message: &str) -> String {
    let is_picture = |line: &str| {
        line.trim_start_matches(|sign: char| sign == ' ' || sign.is_ascii_digit())
            .starts_with('|')
    };
    let lines = message.lines().map(str::trim);
    let words = lines.filter(|line| !line.is_empty() && !is_picture(line));
    words.collect::<Vec<_>>().join(": ")
}

fn unknown(name: &str, known: &BTreeSet<&str>) -> String {
    match known
        .iter()
        .min_by_key(|candidate| distance(name, candidate))
    {
        Some(nearest) if distance(name, nearest) <= 3 => {
            format!("is not a setting; did you mean {nearest}?")
        }
        _ => "is not a setting".into(),
    }
}

/// The number of characters to insert, delete or replace (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, from) in left.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in right.bytes().enumerate() {
            let replace = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replace.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}
