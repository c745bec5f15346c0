use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::DecodeError;

/// Reads a message from JSON.
pub(super) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(json).map_err(|error| match error.classify() {
        Category::Data => locate::<T>(json, error),
        Category::Io | Category::Syntax | Category::Eof => DecodeError::Syntax(error),
    })
}

/// Reads again, now with an eye on the path to the member at fault: most messages are read well
/// once and need none.
fn locate<T: DeserializeOwned>(json: &[u8], problem: serde_json::Error) -> DecodeError {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Ok(_) => DecodeError::Unreadable {
            path: String::from("."),
            problem,
        },
        Err(error) => DecodeError::Unreadable {
            path: error.path().to_string(),
            problem: error.into_inner(),
        },
    }
}
