//! The folder that a backup is: copies of the databases, the secret, and a list of them.

mod list;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use self::list::{Copied, FileList, LIST};
use crate::{
    data_folder::{self, DataFolder, DataFolderError},
    draft_folder::{DraftError, DraftFolder},
};

/// What no data folder can do without.
const DATABASE: &str = "errand.db";

/// A backup that is being made. Nothing is there under its name before it is whole.
#[derive(Debug)]
pub struct NewBackup {
    draft: DraftFolder,
}

/// A finished backup.
#[derive(Debug)]
pub struct BackupFolder {
    path: PathBuf,
    list: FileList,
}

/// Why a folder is no backup, or cannot become one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is no list of files in it.
    #[error("{} is no backup: it has no {LIST}", .0.display())]
    NoBackup(PathBuf),
    /// The list cannot be read.
    #[error("{} is not a list of files: the backup is damaged, use another", .0.display())]
    Unreadable(PathBuf),
    /// A later version made it, and otherwise.
    #[error("{} has the format {found}, and this version knows {}: use the version that made it", list.display(), list::FORMAT)]
    UnknownFormat {
        /// The list.
        list: PathBuf,
        /// Its format.
        found: u64,
    },
    /// The list does not name the database.
    #[error("{} does not name {DATABASE}: the backup is damaged, use another", .0.display())]
    NoDatabase(PathBuf),
    /// The list names what is elsewhere.
    #[error("{} names {name:?}, which is not in the backup: nothing outside of it is restored", list.display())]
    Outside {
        /// The list.
        list: PathBuf,
        /// What it names.
        name: String,
    },
    /// A file that the list names is not there.
    #[error("{} is missing: the backup is damaged, use another", .0.display())]
    Missing(PathBuf),
    /// A file is longer or shorter than it was.
    #[error("{} has {found} bytes and had {expected}: the backup is damaged, use another", file.display())]
    Resized {
        /// The file.
        file: PathBuf,
        /// Its size now.
        found: u64,
        /// Its size when it was made.
        expected: u64,
    },
    /// A file is not what it was.
    #[error("{} is not what was copied: the backup is damaged, use another", .0.display())]
    Changed(PathBuf),
    /// It cannot be made where it was asked for.
    #[error(transparent)]
    Place(#[from] DraftError),
    /// The file system refused.
    #[error(transparent)]
    Folder(#[from] DataFolderError),
}

impl NewBackup {
    /// Begins a backup that is to be here.
    pub fn begin(path: &Path) -> Result<Self, BackupError> {
        let draft = DraftFolder::of(path)?;
        data_folder::create_private(&draft.path().join("engine"))?;
        Ok(Self { draft })
    }

    /// Where the copy of the database goes.
    pub fn database(&self) -> PathBuf {
        self.draft.path().join(DATABASE)
    }

    /// Where the copy of the web app's database goes.
    pub fn web_database(&self) -> PathBuf {
        self.draft.path().join("web.db")
    }

    /// Where the copies of the engine's files go.
    pub fn engine(&self) -> PathBuf {
        self.draft.path().join("engine")
    }

    /// Copies the secret of the data folder, if it has one: one that is configured is nobody's to
    /// keep here.
    pub fn keep_secret(&self, folder: &DataFolder) -> Result<(), BackupError> {
        let from = folder.path().join("secret");
        if from.exists() {
            copy(&from, &self.draft.path().join("secret"))?;
        }
        Ok(())
    }

    /// Writes the list of files, puts the backup where it is to be, and gives that place.
    pub fn finish(self, made_at: &str) -> Result<PathBuf, BackupError> {
        let folder = self.draft.path();
        let mut list = FileList::new(made_at);
        for name in self.files()? {
            let file = folder.join(&name);
            let copied = hash(&file).map_err(DataFolderError::io("read", &file))?;
            list.files.insert(name, copied);
        }
        let path = folder.join(LIST);
        create_file(&path)
            .and_then(|mut file| {
                file.write_all(list.to_json().as_bytes())?;
                file.sync_all()
            })
            .map_err(DataFolderError::io("write", &path))?;
        Ok(self.draft.finish()?)
    }

    /// The files of the folder and of its folder `engine`, relative to it.
    fn files(&self) -> Result<Vec<String>, DataFolderError> {
        let mut files = Vec::new();
        for (folder, prefix) in [
            (self.draft.path().to_path_buf(), ""),
            (self.engine(), "engine/"),
        ] {
            for path in data_folder::entries(&folder)? {
                if path.is_file()
                    && let Some(name) = path.file_name()
                {
                    files.push(format!("{prefix}{}", name.to_string_lossy()));
                }
            }
        }
        Ok(files)
    }
}

impl BackupFolder {
    /// Opens a finished backup: its list can be read, and all that it names is there and as large
    /// as it was. Whether it is the same is seen when it is copied.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let file = path.join(LIST);
        let text = match fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BackupError::NoBackup(path.to_path_buf()));
            }
            Err(error) => return Err(DataFolderError::io("read", &file)(error).into()),
        };
        let list = FileList::read(&file, &text)?;
        if !list.files.contains_key(DATABASE) {
            return Err(BackupError::NoDatabase(file));
        }
        let backup = Self {
            path: path.to_path_buf(),
            list,
        };
        for (name, copied) in &backup.list.files {
            let file = backup.find(name)?;
            let found = fs::metadata(&file).map_err(DataFolderError::io("read", &file))?;
            if found.len() != copied.bytes {
                return Err(BackupError::Resized {
                    file: path.join(name),
                    found: found.len(),
                    expected: copied.bytes,
                });
            }
        }
        Ok(backup)
    }

    /// Copies what the list names, and nothing else.
    pub fn copy_into(&self, folder: &Path) -> Result<(), BackupError> {
        data_folder::create_private(&folder.join("engine"))?;
        for (name, copied) in &self.list.files {
            let to = folder.join(name);
            if let Some(parent) = to.parent() {
                data_folder::create_private(parent)?;
            }
            if copy(&self.find(name)?, &to)? != *copied {
                return Err(BackupError::Changed(self.path.join(name)));
            }
        }
        Ok(())
    }

    /// Where a file of the list is: in the backup, also behind every link.
    fn find(&self, name: &str) -> Result<PathBuf, BackupError> {
        let file = self.path.join(name);
        let canonical = |path: &Path| match fs::canonicalize(path) {
            Ok(found) => Ok(found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(BackupError::Missing(path.to_path_buf()))
            }
            Err(error) => Err(DataFolderError::io("read", path)(error).into()),
        };
        let outside = || BackupError::Outside {
            list: self.path.join(LIST),
            name: name.to_owned(),
        };
        if !list::is_inside(name) {
            return Err(outside());
        }
        let found = canonical(&file)?;
        if !found.starts_with(canonical(&self.path)?) {
            return Err(outside());
        }
        if !found.is_file() {
            return Err(BackupError::Missing(file));
        }
        Ok(found)
    }
}

/// Copies a file to one that only its owner can read, and gives what it is like. It is there after
/// a power cut, too.
fn copy(from: &Path, to: &Path) -> Result<Copied, DataFolderError> {
    let mut source = File::open(from).map_err(DataFolderError::io("read", from))?;
    let mut target = create_file(to).map_err(DataFolderError::io("write", to))?;
    let mut hash = Hashed::new(&mut target);
    io::copy(&mut source, &mut hash).map_err(DataFolderError::io("copy to", to))?;
    let copied = hash.finish();
    target
        .sync_all()
        .map_err(DataFolderError::io("write", to))?;
    Ok(copied)
}

fn create_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

fn hash(path: &Path) -> io::Result<Copied> {
    let mut hash = Hashed::new(io::sink());
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hash.finish())
}

/// Passes on what is written, and remembers what it was like.
struct Hashed<W> {
    to: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: io::Write> Hashed<W> {
    fn new(to: W) -> Self {
        Self {
            to,
            bytes: 0,
            hash: Sha256::new(),
        }
    }

    fn finish(self) -> Copied {
        let hash: [u8; 32] = self.hash.finalize().into();
        Copied {
            bytes: self.bytes,
            sha256: hash.map(|byte| format!("{byte:02x}")).concat(),
        }
    }
}

impl<W: io::Write> io::Write for Hashed<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.to.write(buffer)?;
        self.hash.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
