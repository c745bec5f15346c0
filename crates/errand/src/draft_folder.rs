//! A folder in the making: nobody finds it under its name before it is whole, and nothing of it
//! stays if it never is.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use crate::data_folder::{self, DataFolderError};

/// A folder beside the place that it is for. Dropped before [`DraftFolder::finish`], it goes.
#[derive(Debug)]
pub struct DraftFolder {
    path: PathBuf,
    target: PathBuf,
}

/// Why a folder cannot be made at a place.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// There is something there already.
    #[error("{} is not empty, it has {}: name a new folder", folder.display(), entry.display())]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
        /// One of the things in it.
        entry: PathBuf,
    },
    /// Another file system begins there, so that nothing can be moved to it at once.
    #[error("{} is a mount point: name a new folder in it, such as {}", .0.display(), .0.join("errand").display())]
    MountPoint(PathBuf),
    /// The place has no name, as the root has none.
    #[error("{} cannot be a folder's name: name a new folder", .0.display())]
    Nameless(PathBuf),
    /// The file system refused.
    #[error(transparent)]
    Folder(#[from] DataFolderError),
}

impl DraftFolder {
    /// An empty folder for this place, where nothing or an empty folder must be.
    pub fn of(target: &Path) -> Result<Self, DraftError> {
        let target = std::path::absolute(target).map_err(DataFolderError::io("find", target))?;
        // What stands behind a link is what is filled.
        let target = match fs::canonicalize(&target) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => target,
            Err(error) => return Err(DataFolderError::io("read", &target)(error).into()),
        };
        if let Some(entry) = data_folder::first_entry(&target)? {
            return Err(DraftError::NotEmpty {
                folder: target,
                entry,
            });
        }
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(DraftError::Nameless(target));
        };
        data_folder::create_private(parent)?;
        if let Ok(there) = fs::metadata(&target) {
            let around = fs::metadata(parent).map_err(DataFolderError::io("read", parent))?;
            if there.dev() != around.dev() {
                return Err(DraftError::MountPoint(target));
            }
        }
        let mut draft = OsString::from(".");
        draft.push(name);
        draft.push(format!(".{}", std::process::id()));
        let path = parent.join(draft);
        data_folder::create_private(&path)?;
        Ok(Self { path, target })
    }

    /// Where it is being made.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts it in its place, and gives that. It is there after a power cut, too, if its files are.
    pub fn finish(self) -> Result<PathBuf, DraftError> {
        sync_folder(&self.path)?;
        // Fails where there is anything but an empty folder by now.
        fs::rename(&self.path, &self.target).map_err(DataFolderError::io("make", &self.target))?;
        if let Some(parent) = self.target.parent() {
            sync_folder(parent)?;
        }
        Ok(self.target.clone())
    }
}

impl Drop for DraftFolder {
    fn drop(&mut self) {
        // Where it has been finished there is nothing, and of anything else the user hears by the
        // error that is under way.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Makes sure that the names in a folder, and in the folders in it, are on the disk.
fn sync_folder(path: &Path) -> Result<(), DataFolderError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(DataFolderError::io("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_there_when_it_is_whole_and_not_before() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("new/data");
        let draft = DraftFolder::of(&target).unwrap();
        fs::write(draft.path().join("file"), "whole").unwrap();
        assert!(!target.exists());
        assert_eq!(draft.finish().unwrap(), target);
        assert_eq!(fs::read_to_string(target.join("file")).unwrap(), "whole");
        assert_eq!(entries(&parent.path().join("new")), ["data"]);
    }

    #[test]
    fn nothing_stays_of_one_that_is_given_up() {
        let parent = tempfile::tempdir().unwrap();
        let draft = DraftFolder::of(&parent.path().join("data")).unwrap();
        fs::write(draft.path().join("file"), "half").unwrap();
        drop(draft);
        assert!(entries(parent.path()).is_empty());
    }

    #[test]
    fn an_empty_folder_is_filled_and_another_is_left_alone() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("data");
        fs::create_dir(&target).unwrap();
        let link = parent.path().join("link");
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let draft = DraftFolder::of(&link).unwrap();
        fs::write(draft.path().join("file"), "whole").unwrap();
        draft.finish().unwrap();
        assert_eq!(entries(&target), ["file"]);

        let refused = DraftFolder::of(&target).unwrap_err();
        assert!(
            matches!(refused, DraftError::NotEmpty { .. }),
            "{refused:?}"
        );
        assert!(refused.to_string().contains("it has file"), "{refused}");
    }

    #[test]
    fn what_somebody_puts_there_meanwhile_stays() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("data");
        let draft = DraftFolder::of(&target).unwrap();
        fs::write(draft.path().join("file"), "ours").unwrap();
        fs::create_dir(&target).unwrap();
        fs::write(target.join("file"), "theirs").unwrap();
        draft.finish().unwrap_err();
        assert_eq!(fs::read_to_string(target.join("file")).unwrap(), "theirs");
        assert_eq!(entries(parent.path()), ["data"]);
    }

    #[test]
    fn the_root_is_no_place() {
        let refused = DraftFolder::of(Path::new("/")).unwrap_err();
        assert!(
            matches!(refused, DraftError::NotEmpty { .. }),
            "{refused:?}"
        );
    }

    fn entries(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}
