//! How long and how much is measured.

use std::time::Duration;

use crate::cli::Size;

/// How long and how much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// How long one load lasts.
    pub(crate) load: Duration,
    /// How often Errand and its reference take turns.
    pub(crate) turns: usize,
    /// How many callers there are at once.
    pub(crate) callers: &'static [usize],
    /// The rows of the table of which a page is listed.
    pub(crate) rows: &'static [u64],
    /// The tasks after which memory is looked at.
    pub(crate) tasks: u64,
    /// The creates whose frames are timed.
    pub(crate) frames: usize,
}

impl From<Size> for Sizes {
    fn from(size: Size) -> Self {
        match size {
            Size::Full => Self {
                load: Duration::from_secs(3),
                turns: 3,
                callers: &[1, 16, 64],
                rows: &[1_000, 1_000_000],
                tasks: 100_000,
                frames: 500,
            },
            Size::Quick => Self {
                load: Duration::from_secs(1),
                turns: 2,
                callers: &[1, 16, 64],
                rows: &[1_000, 100_000],
                tasks: 5_000,
                frames: 100,
            },
            Size::Tiny => Self {
                load: Duration::from_millis(200),
                turns: 1,
                callers: &[2],
                rows: &[1_000],
                tasks: 50,
                frames: 5,
            },
        }
    }
}
