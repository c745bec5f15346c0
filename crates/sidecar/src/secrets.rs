//! The secret stores of one sidecar.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::PathBuf,
};

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::config::{SecretComponent, SecretSource};

/// A secret store that is ready to be asked.
#[derive(Debug)]
pub(crate) struct SecretStore {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    contents: Contents,
    allowed: Option<BTreeSet<String>>,
}

#[derive(Debug)]
enum Contents {
    Environment {
        prefix: String,
        variables: BTreeMap<String, SecretString>,
    },
    File {
        secrets: BTreeMap<String, SecretString>,
    },
}

/// Why a store could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The file cannot be read.
    #[error("cannot read the secrets in {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The file is not a JSON object.
    #[error("{} is not a JSON object of secrets", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
    },
}

/// Why a secret is not given out.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SecretRefused {
    #[error("access denied by policy to get \"{0}\"")]
    Forbidden(String),
    #[error("secret {0} not found")]
    Missing(String),
}

impl SecretStore {
    pub(crate) fn open(component: SecretComponent) -> Result<Self, SecretsError> {
        let SecretComponent {
            name,
            source,
            allowed,
        } = component;
        let (kind, contents) = match source {
            SecretSource::Environment { prefix, variables } => (
                "secretstores.local.env",
                Contents::Environment { prefix, variables },
            ),
            SecretSource::File {
                path,
                nested_separator,
            } => {
                let text = fs::read(&path).map_err(|source| SecretsError::Read {
                    path: path.clone(),
                    source,
                })?;
                let Ok(Value::Object(members)) = serde_json::from_slice(&text) else {
                    return Err(SecretsError::Parse { path });
                };
                let mut secrets = BTreeMap::new();
                flatten(Value::Object(members), "", &nested_separator, &mut secrets);
                ("secretstores.local.file", Contents::File { secrets })
            }
        };
        Ok(Self {
            name,
            kind,
            contents,
            allowed,
        })
    }

    /// One secret. An environment variable that is not set is an empty secret, as in Dapr; a key
    /// that a file does not have is an error.
    pub(crate) fn get(&self, key: &str) -> Result<String, SecretRefused> {
        if !self.may_read(key) {
            return Err(SecretRefused::Forbidden(key.to_owned()));
        }
        match &self.contents {
            Contents::Environment { prefix, variables } => {
                let name = format!("{prefix}{key}");
                let secret = variables.get(&name).filter(|_| !is_daprs_own(&name));
                Ok(secret
                    .map(|secret| secret.expose_secret().to_owned())
                    .unwrap_or_default())
            }
            Contents::File { secrets } => secrets
                .get(key)
                .map(|secret| secret.expose_secret().to_owned())
                .ok_or_else(|| SecretRefused::Missing(key.to_owned())),
        }
    }

    /// Every secret the app may read.
    pub(crate) fn all(&self) -> BTreeMap<String, String> {
        let open = |name: &str, secret: &SecretString| {
            self.may_read(name)
                .then(|| (name.to_owned(), secret.expose_secret().to_owned()))
        };
        match &self.contents {
            Contents::Environment { prefix, variables } => variables
                .iter()
                .filter(|(name, _)| !is_daprs_own(name))
                .filter_map(|(name, secret)| open(name.strip_prefix(prefix.as_str())?, secret))
                .collect(),
            Contents::File { secrets } => secrets
                .iter()
                .filter_map(|(name, secret)| open(name, secret))
                .collect(),
        }
    }

    fn may_read(&self, key: &str) -> bool {
        self.allowed
            .as_ref()
            .is_none_or(|allowed| allowed.contains(key))
    }
}

/// The tokens between app and sidecar are not the app's to read.
fn is_daprs_own(variable: &str) -> bool {
    let name = variable.to_ascii_uppercase();
    name == "APP_API_TOKEN" || name.starts_with("DAPR_")
}

fn flatten(
    value: Value,
    path: &str,
    separator: &str,
    secrets: &mut BTreeMap<String, SecretString>,
) {
    let join = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}{separator}{name}"),
    };
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                flatten(member, &join(&name), separator, secrets);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                flatten(item, &join(&index.to_string()), separator, secrets);
            }
        }
        Value::String(text) => {
            secrets.insert(path.to_owned(), SecretString::from(text));
        }
        other => {
            secrets.insert(path.to_owned(), SecretString::from(other.to_string()));
        }
    }
}
