//! A copy of the engine's files, made while it runs.
//!
//! A backup of a whole system is consistent when what comes later in the flow is copied later, and
//! what says "done" is copied earlier. So a [`Backup`] has two halves, and the databases of the
//! services are copied between them: state and the positions of consumer groups first (they say
//! that an effect is in a database), events last (an outbox row that is gone from a database is an
//! event here). What happened in between is then delivered once more and never lost.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Engine, LOG_FILE, STATE_FILE, commit::StorageError, log::Standing};

/// A backup of which the first half is made.
#[must_use = "a backup without its second half has no events"]
pub struct Backup {
    engine: Engine,
    standing: Standing,
    folder: PathBuf,
}

/// Why a backup failed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The folder cannot be made.
    #[error("cannot make the folder {}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// There is a backup in the folder already.
    #[error("{} is there already", file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// A file could not be copied.
    #[error("cannot copy to {}", file.display())]
    Copy {
        /// The file.
        file: PathBuf,
        /// What failed.
        #[source]
        source: StorageError,
    },
}

impl Engine {
    /// Copies the engine's files to a folder, from which an engine can be opened.
    pub async fn backup(&self, to: &Path) -> Result<(), BackupError> {
        self.begin_backup(to).await?.finish().await
    }

    /// The first half of a backup: state, and where the consumer groups stand. Copy the databases
    /// of the services next, then call [`Backup::finish`].
    pub async fn begin_backup(&self, to: &Path) -> Result<Backup, BackupError> {
        fs::create_dir_all(to).map_err(|source| BackupError::Folder {
            folder: to.to_path_buf(),
            source,
        })?;
        for name in [STATE_FILE, LOG_FILE] {
            let file = to.join(name);
            if file.exists() {
                return Err(BackupError::Exists { file });
            }
        }
        let file = to.join(LOG_FILE);
        let standing = self
            .inner
            .log
            .standing()
            .await
            .map_err(|source| BackupError::Copy { file, source })?;
        let file = to.join(STATE_FILE);
        self.inner
            .state
            .copy(&file)
            .await
            .map_err(|source| BackupError::Copy { file, source })?;
        Ok(Backup {
            engine: self.clone(),
            standing,
            folder: to.to_path_buf(),
        })
    }
}

impl Backup {
    /// The second half: the events.
    pub async fn finish(self) -> Result<(), BackupError> {
        let file = self.folder.join(LOG_FILE);
        self.engine
            .inner
            .log
            .copy(&file, &self.standing)
            .await
            .map_err(|source| BackupError::Copy { file, source })
    }
}
