//! The list of what a backup holds, `backup.json`.

use std::{
    collections::BTreeMap,
    path::{Component, Path},
};

use serde::{Deserialize, Serialize};

use super::BackupError;

/// The name of the list.
pub(super) const LIST: &str = "backup.json";

/// The format that is written, and the only one that is read.
pub(super) const FORMAT: u64 = 1;

/// What a backup holds.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FileList {
    format: u64,
    /// The version that made it.
    version: String,
    /// When, in RFC 3339.
    made_at: String,
    /// Each file, relative to the folder.
    pub(super) files: BTreeMap<String, Copied>,
}

/// What a file was like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Copied {
    /// Its size.
    pub(super) bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub(super) sha256: String,
}

/// What every format has.
#[derive(Deserialize)]
struct Format {
    format: u64,
}

impl FileList {
    /// A list without files.
    pub(super) fn new(made_at: &str) -> Self {
        Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: made_at.to_owned(),
            files: BTreeMap::new(),
        }
    }

    /// Reads the list in this file.
    pub(super) fn read(file: &Path, text: &[u8]) -> Result<Self, BackupError> {
        let unreadable = |_| BackupError::Unreadable(file.to_path_buf());
        let Format { format } = serde_json::from_slice(text).map_err(unreadable)?;
        if format != FORMAT {
            return Err(BackupError::UnknownFormat {
                list: file.to_path_buf(),
                found: format,
            });
        }
        serde_json::from_slice(text).map_err(unreadable)
    }

    /// The list as it is written.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts and numbers are valid JSON")
    }
}

/// Whether a name leads nowhere but into the folder that it is relative to.
pub(super) fn is_inside(name: &str) -> bool {
    let mut components = Path::new(name).components();
    !name.is_empty() && components.all(|component| matches!(component, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_into_the_folder_or_is_none() {
        for name in ["errand.db", "engine/topics.sqlite", "a/b/c", "..."] {
            assert!(is_inside(name), "{name}");
        }
        for name in ["", "..", "../errand.db", "engine/../../x", "/etc/passwd"] {
            assert!(!is_inside(name), "{name}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let mut list = FileList::new("2026-03-29T07:00:00Z");
        let copied = Copied {
            bytes: 7,
            sha256: "00".to_owned(),
        };
        list.files.insert("errand.db".to_owned(), copied);
        let read = FileList::read(Path::new(LIST), list.to_json().as_bytes()).unwrap();
        assert_eq!(read.files, list.files);
    }
}
