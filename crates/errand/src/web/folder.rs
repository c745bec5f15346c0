//! The folder that the built web app is.

use std::path::{Path, PathBuf};

/// A folder with a built web app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebFolder {
    path: PathBuf,
}

/// Why a folder is no web app.
#[derive(Debug, thiserror::Error)]
#[error("{} is no built web app, it has no {missing}: make it with scripts/web build, or name another with --web", folder.display())]
pub struct WebFolderError {
    folder: PathBuf,
    missing: &'static str,
}

impl WebFolder {
    /// The web app in this folder, if it has what it takes to run one.
    pub fn open(path: &Path) -> Result<Self, WebFolderError> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let missing = ["server.js", "node"]
            .into_iter()
            .find(|name| !path.join(name).is_file());
        match missing {
            Some(missing) => Err(WebFolderError {
                folder: path,
                missing,
            }),
            None => Ok(Self { path }),
        }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The Node.js that runs what is in it.
    pub fn node(&self) -> PathBuf {
        self.path.join("node")
    }

    /// The web app's server.
    pub fn server(&self) -> PathBuf {
        self.path.join("server.js")
    }

    /// What an operator does about users.
    pub fn user_command(&self) -> PathBuf {
        self.path.join("user.js")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for missing in ["server.js", "node"] {
            let refusal = WebFolder::open(folder.path()).unwrap_err().to_string();
            assert!(
                refusal.contains(&format!("it has no {missing}")),
                "{refusal}"
            );
            fs::write(folder.path().join(missing), "").unwrap();
        }
        let web = WebFolder::open(folder.path()).unwrap();
        assert_eq!(web.node(), folder.path().join("node"));
    }
}
