//! The folder in which `errand up` keeps everything, and who holds it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Seek as _, Write as _},
    net::SocketAddr,
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
    /// Who has this file locked holds the folder. It says who that is.
    lock: File,
    /// Locked as long as `lock` is, for those who look: see [`DataFolder::look`].
    _sign: File,
}

/// Whether somebody works on a data folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occupancy {
    /// There is no such folder.
    Absent,
    /// Nobody does.
    Free,
    /// Somebody does, who may not have said yet who it is.
    Held(Option<Holder>),
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
    /// Its web app, if it runs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<HeldWeb>,
}

/// The web app of an Errand that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldWeb {
    /// What it is made of.
    pub folder: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where people open it.
    pub url: String,
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

    /// The data folder at a place.
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
        }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The business data.
    pub fn database(&self) -> PathBuf {
        self.path.join("errand.db")
    }

    /// Whether there are business data. That nobody may look is an error, and not a no.
    pub fn has_database(&self) -> Result<bool, DataFolderError> {
        let database = self.database();
        database
            .try_exists()
            .map_err(DataFolderError::io("read", &database))
    }

    /// The address of the business data, for the store.
    pub fn database_url(&self) -> String {
        format!("sqlite://{}", self.database().display())
    }

    /// The web app's own data: who has signed up, and who is signed in. The path is absolute.
    pub fn web_database(&self) -> PathBuf {
        let path = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        path.join("web.db")
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
        let (lock_file, sign_file) = (self.lock_file(), self.sign_file());
        let lock = open_lock(&lock_file)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(DataFolderError::Held {
                    folder: self.path.clone(),
                    holder: self
                        .signature()
                        .map_or_else(|| "another process".to_owned(), |holder| holder.to_string()),
                });
            }
            Err(TryLockError::Error(source)) => {
                return Err(DataFolderError::io("lock", &lock_file)(source));
            }
        }
        // What the last holder left there is not so any more.
        lock.set_len(0)
            .map_err(DataFolderError::io("write", &lock_file))?;
        let sign = open_lock(&sign_file)?;
        // Nobody but those who look has this one locked, and they let go at once.
        sign.lock()
            .map_err(DataFolderError::io("lock", &sign_file))?;
        Ok(HeldFolder {
            folder: self.clone(),
            lock,
            _sign: sign,
        })
    }

    /// Whether somebody works on the folder. Takes hold of nothing: whoever wants the folder in the
    /// same moment gets it.
    pub fn look(&self) -> Result<Occupancy, DataFolderError> {
        match fs::metadata(&self.path) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Occupancy::Absent),
            Err(error) => return Err(DataFolderError::io("read", &self.path)(error)),
        }
        let file = self.sign_file();
        let sign = match File::open(&file) {
            Ok(sign) => sign,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Occupancy::Free),
            Err(error) => return Err(DataFolderError::io("read", &file)(error)),
        };
        match sign.try_lock_shared() {
            Ok(()) => Ok(Occupancy::Free),
            Err(TryLockError::WouldBlock) => Ok(Occupancy::Held(self.signature())),
            Err(TryLockError::Error(source)) => Err(DataFolderError::io("lock", &file)(source)),
        }
    }

    /// Who held the folder last, or holds it now.
    fn signature(&self) -> Option<Holder> {
        serde_json::from_slice(&fs::read(self.lock_file()).ok()?).ok()
    }

    fn lock_file(&self) -> PathBuf {
        self.path.join("errand.lock")
    }

    fn sign_file(&self) -> PathBuf {
        self.path.join("errand.held")
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
        let text = serde_json::to_string(holder).expect("texts and a number are valid JSON");
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
            ..
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

/// The first thing in a folder; none if it is empty, or not there.
pub fn first_entry(path: &Path) -> Result<Option<PathBuf>, DataFolderError> {
    let first = entries(path)?.into_iter().min();
    Ok(first.and_then(|entry| Some(entry.file_name()?.into())))
}

/// What is in a folder; nothing, if it is not there.
pub fn entries(path: &Path) -> Result<Vec<PathBuf>, DataFolderError> {
    let read = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(DataFolderError::io("read", path))?,
    };
    read.map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()
        .map_err(DataFolderError::io("read", path))
}

fn open_lock(path: &Path) -> Result<File, DataFolderError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options
        .open(path)
        .map_err(DataFolderError::io("open", path))
}

#[cfg(test)]
mod tests;
