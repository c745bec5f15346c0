//! Values and conditions that the two databases spell differently.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Value};
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

    /// The condition that `column` is one of the ids, which are one value: so one prepared statement
    /// serves any number of them.
    pub(crate) fn is_one_of_ids(
        self,
        column: impl ColumnTrait,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> Expr {
        let column = column.as_str();
        match self {
            Self::Postgres => {
                let ids: Vec<_> = ids.into_iter().collect();
                Expr::cust_with_values(format!("{column} = ANY($1)"), [ids])
            }
            Self::Sqlite => {
                let ids: Vec<_> = ids.into_iter().map(|id| id.simple().to_string()).collect();
                Expr::cust_with_values(
                    format!("{column} IN (SELECT unhex(value) FROM json_each(?))"),
                    [serde_json::Value::from(ids).to_string()],
                )
            }
        }
    }

    /// The condition that `user_id` and the `columns` of UUIDs are one of the keys.
    pub(crate) fn is_one_of_keys<const N: usize>(
        self,
        columns: [&str; N],
        keys: &[(String, [Uuid; N])],
    ) -> Expr {
        let names = columns.join(", ");
        match self {
            Self::Postgres => {
                let arrays = (0..N).fold(String::new(), |arrays, column| {
                    format!("{arrays}, ${}::uuid[]", column + 2)
                });
                let users: Vec<_> = keys.iter().map(|(user, _)| user.clone()).collect();
                let ids = (0..N)
                    .map(|column| keys.iter().map(|(_, ids)| ids[column]).collect::<Vec<_>>());
                Expr::cust_with_values(
                    format!(
                        "(user_id, {names}) IN (SELECT owner COLLATE \"C\", {names} \
                         FROM unnest($1::text[]{arrays}) AS keys(owner, {names}))"
                    ),
                    [Value::from(users)].into_iter().chain(ids.map(Value::from)),
                )
            }
            Self::Sqlite => Expr::cust_with_values(
                format!(
                    "(user_id, {names}) IN (VALUES {})",
                    rows_of(keys.len(), N + 1)
                ),
                keys.iter().flat_map(|(user, ids)| {
                    [Value::from(user.as_str())]
                        .into_iter()
                        .chain(ids.map(Value::from))
                }),
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
