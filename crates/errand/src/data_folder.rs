//! The folder in which `errand up` keeps everything, and who holds it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::secret;

/// A data folder, not held.
#[derive(Clone, Debug)]
pub struct DataFolder {
    path: PathBuf,
}

/// A data folder that this process holds, until this is dropped or the process ends.
#[derive(Debug)]
pub struct HeldFolder {
    folder: DataFolder,
    lock: File,
}

/// Who holds a data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// Since when, in RFC 3339.
    pub since: String,
    /// The address of its backend-api.
    pub address: String,
}

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    /// There is no place for it.
    #[error("no data folder is known: set HOME, or say --data-dir DIR")]
    Nowhere,
    /// Another process works on it.
    #[error("the data folder {} is in use by {holder}: stop that process, or name another folder with --data-dir", folder.display())]
    Held {
        /// The folder.
        folder: PathBuf,
        /// Who has it, as far as the lock file says.
        holder: String,
    },
    /// The file system refused.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

impl DataFolder {
    /// The folder that the user named; else `ERRAND_DATA_DIR`; else `errand` in the user's data
    /// folder by the XDG base directory specification.
    pub fn find(
        named: Option<&Path>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, DataFolderError> {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let path = named
            .map(Path::to_path_buf)
            .or_else(|| set("ERRAND_DATA_DIR").map(PathBuf::from))
            .or_else(|| set("XDG_DATA_HOME").map(|data| PathBuf::from(data).join("errand")))
            .or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".local/share/errand")))
            .ok_or(DataFolderError::Nowhere)?;
        Ok(Self { path })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The business data.
    pub fn database(&self) -> PathBuf {
        self.path.join("errand.db")
    }

    /// The address of the business data, for the store.
    pub fn database_url(&self) -> String {
        format!("sqlite://{}", self.database().display())
    }

    /// The topics and the state of the embedded engine.
    pub fn engine(&self) -> PathBuf {
        self.path.join("engine")
    }

    /// The last good key sets of token issuers.
    pub fn key_sets(&self) -> PathBuf {
        self.path.join("jwks")
    }

    /// The secret of this installation, made on the first call.
    pub fn secret(&self) -> Result<SecretString, DataFolderError> {
        self.create()?;
        secret::read_or_make(&self.path.join("secret"))
    }

    /// Takes hold of the folder, making it if it is not there.
    pub fn hold(&self) -> Result<HeldFolder, DataFolderError> {
        self.create()?;
        let path = self.lock_file();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let lock = options
            .open(&path)
            .map_err(DataFolderError::io("open", &path))?;
        match lock.try_lock() {
            Ok(()) => Ok(HeldFolder {
                folder: self.clone(),
                lock,
            }),
            Err(TryLockError::WouldBlock) => Err(DataFolderError::Held {
                folder: self.path.clone(),
                holder: self
                    .holder()
                    .map_or_else(|| "another process".to_owned(), |holder| holder.to_string()),
            }),
            Err(TryLockError::Error(source)) => Err(DataFolderError::io("lock", &path)(source)),
        }
    }

    /// Who held the folder last, or holds it now.
    pub fn holder(&self) -> Option<Holder> {
        let mut text = String::new();
        File::open(self.lock_file())
            .and_then(|mut file| file.read_to_string(&mut text))
            .ok()?;
        serde_json::from_str(&text).ok()
    }

    fn lock_file(&self) -> PathBuf {
        self.path.join("errand.lock")
    }

    /// Whether there is nothing in it but the file that says who holds it.
    pub fn is_unused(&self) -> Result<bool, DataFolderError> {
        match entries(&self.path)?.as_slice() {
            [] => Ok(true),
            [only] => Ok(*only == self.lock_file()),
            _ => Ok(false),
        }
    }

    fn create(&self) -> Result<(), DataFolderError> {
        create_private(&self.path)
    }
}

impl HeldFolder {
    /// The folder.
    pub fn folder(&self) -> &DataFolder {
        &self.folder
    }

    /// Notes who holds the folder, for whoever comes next.
    pub fn sign(&mut self, holder: &Holder) -> Result<(), DataFolderError> {
        let path = self.folder.lock_file();
        let text = serde_json::to_string(holder).expect("three texts are valid JSON");
        self.lock
            .set_len(0)
            .and_then(|()| self.lock.rewind())
            .and_then(|()| self.lock.write_all(text.as_bytes()))
            .map_err(DataFolderError::io("write", &path))
    }
}

impl std::fmt::Display for Holder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            pid,
            since,
            address,
        } = self;
        write!(
            formatter,
            "process {pid} since {since}, which answers at {address}"
        )
    }
}

impl DataFolderError {
    /// Wraps what the file system said.
    pub fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }
}

/// Makes a folder that only its owner can read, if it is not there.
pub fn create_private(path: &Path) -> Result<(), DataFolderError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    // What people have to do is nobody else's business.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(DataFolderError::io("make the folder", path))
}

/// Whether a folder has nothing in it, or is not there.
pub fn is_empty(path: &Path) -> Result<bool, DataFolderError> {
    Ok(entries(path)?.is_empty())
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, DataFolderError> {
    let read = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(DataFolderError::io("read", path))?,
    };
    read.map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()
        .map_err(DataFolderError::io("read", path))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn folder_in(parent: &tempfile::TempDir) -> DataFolder {
        DataFolder::find(Some(&parent.path().join("data")), |_| None).unwrap()
    }

    #[test]
    fn the_named_folder_comes_before_the_variables() {
        let variable = |name: &str| Some(format!("/of/{name}"));
        let found = |named: Option<&str>, variable: &dyn Fn(&str) -> Option<String>| {
            DataFolder::find(named.map(Path::new), variable).map(|folder| folder.path)
        };
        assert_eq!(
            found(Some("/named"), &variable).unwrap(),
            Path::new("/named")
        );
        assert_eq!(
            found(None, &variable).unwrap(),
            Path::new("/of/ERRAND_DATA_DIR")
        );
        let home_only = |name: &str| (name == "HOME").then(|| "/home/ann".to_owned());
        assert_eq!(
            found(None, &home_only).unwrap(),
            Path::new("/home/ann/.local/share/errand")
        );
        assert!(matches!(
            found(None, &|_| None),
            Err(DataFolderError::Nowhere)
        ));
    }

    #[test]
    fn a_second_holder_is_told_who_the_first_is() {
        let parent = tempfile::tempdir().unwrap();
        let folder = folder_in(&parent);
        let mut held = folder.hold().unwrap();
        held.sign(&Holder {
            pid: 7,
            since: "2026-03-29T07:00:00Z".to_owned(),
            address: "127.0.0.1:8000".to_owned(),
        })
        .unwrap();
        let refusal = folder.hold().unwrap_err().to_string();
        assert!(
            refusal
                .contains("process 7 since 2026-03-29T07:00:00Z, which answers at 127.0.0.1:8000"),
            "{refusal}"
        );
        drop(held);
        folder.hold().unwrap();
    }

    #[test]
    fn the_secret_is_made_once() {
        let parent = tempfile::tempdir().unwrap();
        let folder = folder_in(&parent);
        let first = folder.secret().unwrap();
        let second = folder.secret().unwrap();
        assert_eq!(first.expose_secret(), second.expose_secret());
        assert_eq!(first.expose_secret().len(), 64);
    }
}
