//! Secrets that the binary makes by itself.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use rand::{TryRngCore as _, rngs::OsRng};
use secrecy::SecretString;

use crate::data_folder::DataFolderError;

/// 256 bits from the operating system, in hexadecimal.
pub fn random() -> Result<SecretString, DataFolderError> {
    let mut bytes = [0_u8; 32];
    OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|source| DataFolderError::Io {
            doing: "draw a secret from",
            path: "the operating system".into(),
            source: io::Error::other(source),
        })?;
    Ok(SecretString::from(
        bytes.map(|byte| format!("{byte:02x}")).concat(),
    ))
}

/// The secret in a file that only its owner can read. Two processes that make it at the same moment
/// agree on one.
pub fn read_or_make(path: &Path) -> Result<SecretString, DataFolderError> {
    match read(path) {
        Err(DataFolderError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    let fresh = random()?;
    // A hard link fails if somebody else was faster, and never shows a half-written file.
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    write_private(&draft, &fresh).map_err(DataFolderError::io("write", &draft))?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft).map_err(DataFolderError::io("remove", &draft))?;
    match linked {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
            Err(DataFolderError::io("write", path)(source))
        }
        _ => read(path),
    }
}

fn read(path: &Path) -> Result<SecretString, DataFolderError> {
    let text = fs::read_to_string(path).map_err(DataFolderError::io("read", path))?;
    Ok(SecretString::from(text.trim_end()))
}

fn write_private(path: &Path, secret: &SecretString) -> io::Result<()> {
    use secrecy::ExposeSecret as _;

    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(secret.expose_secret().as_bytes())?;
    file.sync_all()
}
