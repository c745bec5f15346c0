//! The data folder: who works on it, and who can read it.

use std::{fs, os::unix::fs::PermissionsExt as _};

use super::State;
use crate::{
    commands::readable,
    data_folder::{DataFolder, DataFolderError, Occupancy},
};

/// The permission bits of group and others.
const NOT_OWNER: u32 = 0o077;

/// Whether the folder is there, and who works on it.
pub(super) fn occupancy(
    folder: &DataFolder,
    occupancy: &Result<Occupancy, DataFolderError>,
) -> State {
    let path = folder.path().display();
    match occupancy {
        Ok(Occupancy::Absent) => State::Attention(
            format!("{path} is not there yet"),
            "`errand up` makes it.".into(),
        ),
        Ok(Occupancy::Free) => State::Good(format!("{path} is free")),
        Ok(Occupancy::Held(Some(holder))) => State::Good(format!("{path} is in use by {holder}")),
        Ok(Occupancy::Held(None)) => {
            State::Good(format!("{path} is in use by a process that has just begun"))
        }
        Err(error) => out_of_reach(error),
    }
}

/// What is in the folder cannot be looked at.
pub(super) fn out_of_reach(error: &DataFolderError) -> State {
    State::Broken(
        readable::error(error),
        "Give the folder to the user who runs Errand, or name another with --data-dir.".into(),
    )
}

/// There is a folder, or none, and no database in it.
pub(super) fn without_database() -> State {
    State::Attention("there is none yet".into(), "`errand up` makes it.".into())
}

/// Whether others can read what is nobody else's business.
pub(super) fn permissions(folder: &DataFolder) -> State {
    let open: Vec<String> = [folder.path().to_path_buf(), folder.path().join("secret")]
        .into_iter()
        .filter(|path| {
            fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & NOT_OWNER != 0)
        })
        .map(|path| path.display().to_string())
        .collect();
    if open.is_empty() {
        return State::Good("only the owner can read the data".into());
    }
    State::Attention(
        format!("others can read {}", open.join(" and ")),
        format!("chmod -R go-rwx {}", folder.path().display()),
    )
}
