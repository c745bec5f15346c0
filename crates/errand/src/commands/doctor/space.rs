//! How much room the data folder has left.

use std::path::Path;

use super::State;

/// Below this many bytes a look is due: SQLite needs room for its log beside the data, and a backup
/// as much as the data themselves.
const LOW: u64 = 1 << 30;

/// Whether the file system of the data folder, or of where it will be, has room.
pub(super) fn space(folder: &Path) -> State {
    let Some(there) = folder.ancestors().find(|ancestor| ancestor.is_dir()) else {
        return State::Good("none is needed yet".into());
    };
    match rustix::fs::statvfs(there) {
        Ok(stat) => judge(stat.f_bavail.saturating_mul(stat.f_frsize), there),
        Err(error) => State::Attention(
            format!("that of {} cannot be told: {error}", there.display()),
            "See the disk.".into(),
        ),
    }
}

fn judge(free: u64, place: &Path) -> State {
    let (free_mib, place) = (free >> 20, place.display());
    if LOW <= free {
        return State::Good(format!("{free_mib} MiB are free for {place}"));
    }
    State::Attention(
        format!("only {free_mib} MiB are free for {place}"),
        format!(
            "Make room there, at least {} MiB: once the disk is full, no change is accepted.",
            LOW >> 20
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_is_told_with_where_and_how_much() {
        let State::Attention(wrong, mend) = judge((17 << 20) + 5, Path::new("/data")) else {
            panic!("17 MiB are too little");
        };
        assert_eq!(wrong, "only 17 MiB are free for /data");
        assert!(mend.contains("1024 MiB"), "{mend}");
        let State::Good(how) = judge(LOW, Path::new("/data")) else {
            panic!("that is enough");
        };
        assert_eq!(how, "1024 MiB are free for /data");
    }

    #[test]
    fn a_folder_that_is_not_there_yet_has_the_room_of_what_is() {
        let parent = tempfile::tempdir().unwrap();
        let (there, wanted) = (space(parent.path()), space(&parent.path().join("not/yet")));
        let place = parent.path().display().to_string();
        for state in [there, wanted] {
            let (State::Good(said) | State::Attention(said, _)) = state else {
                panic!("the file system tells");
            };
            assert!(
                said.ends_with(&format!(" MiB are free for {place}")),
                "{said}"
            );
        }
    }
}
