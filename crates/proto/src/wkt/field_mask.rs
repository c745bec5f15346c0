use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// `google.protobuf.FieldMask`: names fields of a message. In JSON one string of camelCase paths.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct FieldMask {
    /// The paths, in the `snake_case` names of the proto file.
    #[prost(string, repeated, tag = "1")]
    pub paths: Vec<String>,
}

/// Why something is not a field mask that JSON can hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` is not a path of a field mask")]
pub struct FieldMaskError {
    /// The path at fault.
    pub path: String,
}

impl<P: Into<String>> FromIterator<P> for FieldMask {
    fn from_iter<I: IntoIterator<Item = P>>(paths: I) -> Self {
        Self {
            paths: paths.into_iter().map(Into::into).collect(),
        }
    }
}

impl FieldMask {
    /// The mask as JSON has it; an error for a path that reading would not give back.
    fn to_json_text(&self) -> Result<String, FieldMaskError> {
        let mut text = String::new();
        for path in &self.paths {
            if !text.is_empty() {
                text.push(',');
            }
            let start = text.len();
            let mut upper = false;
            for character in path.chars() {
                match character {
                    '_' => upper = true,
                    letter if upper => {
                        text.push(letter.to_ascii_uppercase());
                        upper = false;
                    }
                    letter => text.push(letter),
                }
            }
            if snake_case(&text[start..]).as_deref() != Some(path) {
                return Err(FieldMaskError { path: path.clone() });
            }
        }
        Ok(text)
    }
}

impl FromStr for FieldMask {
    type Err = FieldMaskError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        text.split(',')
            .map(|path| snake_case(path).ok_or_else(|| FieldMaskError { path: path.into() }))
            .collect::<Result<Vec<_>, _>>()
            .map(|paths| Self { paths })
    }
}

impl Serialize for FieldMask {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_json_text().map_err(serde::ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for FieldMask {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = FieldMask;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("comma-separated camelCase paths")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<FieldMask, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

/// The `snake_case` form of a camelCase path; `None` for an empty path or one that is not camelCase.
fn snake_case(path: &str) -> Option<String> {
    if path.is_empty() {
        return None;
    }
    let mut snake = String::with_capacity(path.len() + 4);
    for character in path.chars() {
        match character {
            'A'..='Z' => {
                snake.push('_');
                snake.push(character.to_ascii_lowercase());
            }
            'a'..='z' | '0'..='9' | '.' | '*' => snake.push(character),
            _ => return None,
        }
    }
    Some(snake)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_string_of_camel_case_paths() {
        let mask = FieldMask::from_iter(["title", "recurring_end_date", "due.time_zone", "*"]);
        let json = serde_json::to_string(&mask).unwrap();
        assert_eq!(json, r#""title,recurringEndDate,due.timeZone,*""#);
        assert_eq!(serde_json::from_str::<FieldMask>(&json).unwrap(), mask);
        assert_eq!(
            serde_json::to_string(&FieldMask::default()).unwrap(),
            r#""""#
        );
        assert_eq!(
            serde_json::from_str::<FieldMask>(r#""""#).unwrap(),
            FieldMask::default()
        );
    }

    #[test]
    fn refuses_paths_that_would_not_come_back() {
        for path in ["", "Title", "due_", "due__date", "due_1", "due date", "a,b"] {
            let mask = FieldMask::from_iter([path]);
            assert!(serde_json::to_string(&mask).is_err(), "{path}");
        }
        for text in ["recurring_end_date", "title,", ",", "due date"] {
            assert!(text.parse::<FieldMask>().is_err(), "{text}");
        }
    }
}
