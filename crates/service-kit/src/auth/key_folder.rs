//! The last good key sets, kept over a restart.

use std::{
    io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// A folder with one file for each address that keys come from.
#[derive(Debug, Clone)]
pub(super) struct KeyFolder {
    file: Option<PathBuf>,
}

impl KeyFolder {
    /// The file for `url` in `folder`; without a folder nothing is kept.
    pub(super) fn new(folder: Option<&Path>, url: &str) -> Self {
        let name = URL_SAFE_NO_PAD.encode(&Sha256::digest(url)[..12]);
        Self {
            file: folder.map(|folder| folder.join(format!("jwks-{name}.json"))),
        }
    }

    /// The document that was kept last.
    pub(super) async fn read(&self) -> Option<Vec<u8>> {
        tokio::fs::read(self.file.as_ref()?).await.ok()
    }

    /// Keeps a document. The file is replaced as a whole, so that a crash leaves the old one or the
    /// new one.
    pub(super) async fn write(&self, document: &[u8]) {
        let Some(file) = &self.file else { return };
        if let Err(error) = replace(file, document).await {
            tracing::warn!(%error, file = %file.display(), "the key set could not be kept on disk");
        }
    }
}

async fn replace(file: &Path, document: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let new = file.with_extension("new");
    tokio::fs::write(&new, document).await?;
    tokio::fs::rename(&new, file).await
}
