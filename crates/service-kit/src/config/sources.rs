//! Where configuration comes from.

use std::collections::BTreeMap;

/// The layers above the defaults, the later the stronger. Not `Debug`: they hold secrets.
#[derive(Clone, Default)]
pub struct Sources {
    /// The name and the text of `errand.toml`, if there is one.
    pub file: Option<(String, String)>,
    /// The environment.
    pub environment: BTreeMap<String, String>,
}

impl Sources {
    /// Only these variables.
    pub fn from_environment<K: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let environment = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Self {
            file: None,
            environment,
        }
    }

    /// With the text of `errand.toml`.
    #[must_use]
    pub fn with_file(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.file = Some((name.into(), text.into()));
        self
    }
}

/// The process's own environment. A variable whose value is not Unicode is left out: none of ours
/// can be.
pub fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}
