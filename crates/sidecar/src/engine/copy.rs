//! A copy of an engine's files from outside, while another process may have the engine open.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};

use super::{LOG_FILE, STATE_FILE};

/// Why an engine's files could not be copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The folder cannot be made.
    #[error("cannot make the folder {}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A file could not be copied.
    #[error("cannot copy {}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
}

/// Copies the files of the engine in `folder` to `to`, each as it is at one moment. The engine may
/// be open in another process and goes on meanwhile; an engine can be opened from the copy.
///
/// The positions of consumer groups and the events are one file and so of one moment. That what
/// they say agrees with the databases of the services is for the caller to see to, by letting
/// nobody commit to those until both are copied.
pub fn copy_files(folder: &Path, to: &Path) -> Result<(), CopyError> {
    fs::create_dir_all(to).map_err(|source| CopyError::Folder {
        folder: to.to_path_buf(),
        source,
    })?;
    for name in [STATE_FILE, LOG_FILE] {
        let file = folder.join(name);
        let target = to.join(name);
        let copy = || {
            let connection = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            connection.execute("VACUUM INTO ?1", [target.to_string_lossy()])?;
            Ok(())
        };
        copy().map_err(|source| CopyError::File {
            file: file.clone(),
            source,
        })?;
    }
    Ok(())
}
