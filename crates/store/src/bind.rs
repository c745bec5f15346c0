//! Values and conditions that the two databases spell differently.

use sea_orm::Value;
use sea_orm::sea_query::Expr;
use uuid::Uuid;

use crate::Backend;

impl Backend {
    /// The condition that `column` is one of the numbers bound at `place`.
    pub(crate) fn is_one_of(self, column: &str, place: usize) -> String {
        match self {
            Self::Postgres => format!("{column} = ANY(${place})"),
            Self::Sqlite => format!("{column} IN (SELECT value FROM json_each(${place}))"),
        }
    }

    /// The condition that the columns `user_id` and `column` are one of the pairs.
    pub(crate) fn is_one_of_pairs(self, column: &str, pairs: &[(String, Uuid)]) -> Expr {
        match self {
            Self::Postgres => {
                let users: Vec<_> = pairs.iter().map(|(user, _)| user.clone()).collect();
                let ids: Vec<_> = pairs.iter().map(|(_, id)| *id).collect();
                Expr::cust_with_values(
                    format!(
                        "(user_id, {column}) IN (SELECT u COLLATE \"C\", i \
                         FROM unnest($1::text[], $2::uuid[]) AS pairs(u, i))"
                    ),
                    [Value::from(users), ids.into()],
                )
            }
            Self::Sqlite => Expr::cust_with_values(
                format!(
                    "(user_id, {column}) IN (VALUES {})",
                    rows_of(pairs.len(), 2)
                ),
                pairs
                    .iter()
                    .flat_map(|(user, id)| [Value::from(user.as_str()), (*id).into()]),
            ),
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

/// `(?, ?), (?, ?)`: so many rows of so many values.
pub(crate) fn rows_of(rows: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(", "));
    vec![row.as_str(); rows].join(", ")
}
