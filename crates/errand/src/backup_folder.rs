//! The folder that a backup is: copies of the databases, the secret, and a list with their hashes.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::data_folder::{self, DataFolder, DataFolderError};

const MANIFEST: &str = "backup.json";

/// A backup.
#[derive(Clone, Debug)]
pub struct BackupFolder {
    path: PathBuf,
}

/// What a backup holds.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    /// The version that made it.
    version: String,
    /// When, in RFC 3339.
    made_at: String,
    /// Each file, relative to the folder, with its SHA-256 in hexadecimal.
    files: BTreeMap<String, String>,
}

/// Why a folder is no backup, or cannot become one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is something in the folder already.
    #[error("{} is not empty: name a new folder", .0.display())]
    NotEmpty(PathBuf),
    /// There is no list of files in it.
    #[error("{} is no backup: it has no {MANIFEST}, so it was never finished or something else is there", .0.display())]
    NoBackup(PathBuf),
    /// A file is not what it was.
    #[error("{} is not what was copied: the backup is damaged", .0.display())]
    Damaged(PathBuf),
    /// The file system refused.
    #[error(transparent)]
    Folder(#[from] DataFolderError),
}

impl BackupFolder {
    /// Makes the folder.
    pub fn create(path: &Path) -> Result<Self, BackupError> {
        let folder = Self {
            path: path.to_path_buf(),
        };
        if !data_folder::is_empty(path)? {
            return Err(BackupError::NotEmpty(folder.path));
        }
        // It holds the secret, and what people have to do.
        data_folder::create_private(path)?;
        data_folder::create_private(&folder.engine())?;
        Ok(folder)
    }

    /// Opens a finished backup and checks every file of it.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let text = match fs::read_to_string(path.join(MANIFEST)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BackupError::NoBackup(path.to_path_buf()));
            }
            Err(error) => return Err(DataFolderError::io("read", path)(error).into()),
        };
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|_| BackupError::Damaged(path.join(MANIFEST)))?;
        for (name, hash) in &manifest.files {
            let file = path.join(name);
            if hash_of(&file).ok().as_ref() != Some(hash) {
                return Err(BackupError::Damaged(file));
            }
        }
        Ok(Self {
            path: path.to_path_buf(),
        })
    }

    /// Where the copy of the database is.
    pub fn database(&self) -> PathBuf {
        self.path.join("errand.db")
    }

    /// Where the copies of the engine's files are.
    pub fn engine(&self) -> PathBuf {
        self.path.join("engine")
    }

    /// Copies the secret of the data folder.
    pub fn keep_secret(&self, folder: &DataFolder) -> Result<(), BackupError> {
        folder.secret()?;
        copy(&folder.path().join("secret"), &self.path.join("secret"))?;
        Ok(())
    }

    /// Writes the list of files, by which a backup is known to be whole.
    pub fn finish(self, made_at: &str) -> Result<PathBuf, BackupError> {
        let mut files = BTreeMap::new();
        for name in self.files()? {
            let file = self.path.join(&name);
            let hash = hash_of(&file).map_err(DataFolderError::io("read", &file))?;
            files.insert(name, hash);
        }
        let manifest = Manifest {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: made_at.to_owned(),
            files,
        };
        let text = serde_json::to_string_pretty(&manifest).expect("texts are valid JSON");
        let path = self.path.join(MANIFEST);
        fs::write(&path, text).map_err(DataFolderError::io("write", &path))?;
        Ok(self.path)
    }

    /// Copies everything into a data folder.
    pub fn copy_into(&self, folder: &DataFolder) -> Result<(), BackupError> {
        let engine = folder.engine();
        data_folder::create_private(&engine)?;
        for name in self.files()? {
            if name != MANIFEST {
                copy(&self.path.join(&name), &folder.path().join(&name))?;
            }
        }
        Ok(())
    }

    /// Takes out of a data folder what [`Self::copy_into`] put there, and what opening it added.
    pub fn remove_from(&self, folder: &DataFolder) -> Result<(), BackupError> {
        let engine = folder.engine();
        fs::remove_dir_all(&engine).map_err(DataFolderError::io("remove", &engine))?;
        let secret = folder.path().join("secret");
        let database = folder.database();
        let beside = |suffix: &str| folder.path().join(format!("errand.db{suffix}"));
        for file in [secret, database, beside("-wal"), beside("-shm")] {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(DataFolderError::io("remove", &file)(error).into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The files of the folder and of its folder `engine`, relative to it.
    fn files(&self) -> Result<Vec<String>, BackupError> {
        let mut files = Vec::new();
        for (folder, prefix) in [(self.path.clone(), ""), (self.engine(), "engine/")] {
            let entries = fs::read_dir(&folder).map_err(DataFolderError::io("read", &folder))?;
            for entry in entries {
                let entry = entry.map_err(DataFolderError::io("read", &folder))?;
                if entry.path().is_file() {
                    files.push(format!("{prefix}{}", entry.file_name().to_string_lossy()));
                }
            }
        }
        files.sort();
        Ok(files)
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), DataFolderError> {
    fs::copy(from, to).map_err(DataFolderError::io("copy to", to))?;
    // A restored folder must be there after a power cut, too.
    File::open(to)
        .and_then(|file| file.sync_all())
        .map_err(DataFolderError::io("write", to))
}

fn hash_of(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match io::Read::read(&mut file, &mut buffer)? {
            0 => break,
            read => hash.update(&buffer[..read]),
        }
    }
    let bytes: [u8; 32] = hash.finalize().into();
    Ok(bytes.map(|byte| format!("{byte:02x}")).concat())
}
