//! How long things are kept.

use std::time::Duration;

use jiff::SignedDuration;
use proto::convert::WireContext;
use service_kit::config::Reader;

/// Section `retention`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a task stays in the trash.
    pub trash: Duration,
    /// How long a deleted notification keeps a late delivery of its event from bringing it back.
    pub deleted_notifications: Duration,
    /// How long the tombstone of a deleted account keeps late events from having an effect.
    pub tombstones: Duration,
    /// The most rows that one transaction removes.
    pub batch: u32,
}

impl Settings {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            trash: reader.duration(
                "retention.trash",
                "30days",
                "how long a task stays in the trash before it is removed for good",
            ),
            deleted_notifications: reader.duration(
                "retention.deleted_notifications",
                "45days",
                "how long the id of a deleted notification is kept; longer than any topic keeps an event",
            ),
            tombstones: reader.duration(
                "retention.tombstones",
                "45days",
                "how long a deleted account is remembered; longer than any topic keeps an event",
            ),
            batch: reader.within(
                "retention.batch",
                500,
                1..=10_000,
                "rows that one transaction of the maintenance removes",
            ),
        }
    }

    /// What answers tell of it.
    pub fn wire(&self) -> WireContext {
        WireContext {
            trash_retention: SignedDuration::try_from(self.trash).unwrap_or(SignedDuration::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use service_kit::config::Sources;

    use super::*;

    const DAY: u64 = 24 * 60 * 60;

    #[test]
    fn what_is_not_set_has_its_default() {
        let mut reader = Reader::new(Sources::default());
        let settings = Settings::read(&mut reader);
        assert_eq!(settings.trash, Duration::from_secs(30 * DAY));
        assert_eq!(
            settings.deleted_notifications,
            Duration::from_secs(45 * DAY)
        );
        assert_eq!(settings.tombstones, Duration::from_secs(45 * DAY));
        assert_eq!(settings.batch, 500);
        reader.finish().unwrap();
    }

    #[test]
    fn what_is_set_is_read_and_told() {
        let file = "[retention]\ntrash = \"2days\"\nbatch = 7\n";
        let sources = Sources::default().with_file("errand.toml", file);
        let mut reader = Reader::new(sources);
        let settings = Settings::read(&mut reader);
        reader.finish().unwrap();
        assert_eq!(settings.batch, 7);
        assert_eq!(
            settings.wire().trash_retention,
            SignedDuration::from_hours(48)
        );
    }

    #[test]
    fn a_batch_is_bounded() {
        for batch in ["0", "10001"] {
            let file = format!("[retention]\nbatch = {batch}\n");
            let sources = Sources::default().with_file("errand.toml", file);
            let mut reader = Reader::new(sources);
            Settings::read(&mut reader);
            let problems = reader.finish().unwrap_err().to_string();
            assert!(problems.contains("retention.batch"), "{problems}");
        }
    }
}
