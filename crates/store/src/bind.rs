//! Values and conditions that the two databases spell differently.

use sea_orm::Value;

use crate::Backend;

impl Backend {
    /// The condition that `column` is one of the numbers bound at `place`.
    pub(crate) fn is_one_of(self, column: &str, place: usize) -> String {
        match self {
            Self::Postgres => format!("{column} = ANY(${place})"),
            Self::Sqlite => format!("{column} IN (SELECT value FROM json_each(${place}))"),
        }
    }

    /// Numbers for [`Backend::is_one_of`].
    pub(crate) fn numbers(self, numbers: impl IntoIterator<Item = i64>) -> Value {
        let numbers: Vec<i64> = numbers.into_iter().collect();
        match self {
            Self::Postgres => numbers.into(),
            Self::Sqlite => serde_json::Value::from(numbers).to_string().into(),
        }
    }

    /// Texts for [`Backend::is_one_of`].
    pub(crate) fn texts(self, texts: impl IntoIterator<Item = String>) -> Value {
        let texts: Vec<String> = texts.into_iter().collect();
        match self {
            Self::Postgres => texts.into(),
            Self::Sqlite => serde_json::Value::from(texts).to_string().into(),
        }
    }
}
