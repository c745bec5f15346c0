use crate::ValueError;

/// How many entries a page holds, at most: 1 or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageSize(u16);

/// The page sizes of one list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    default: u16,
    most: u16,
}

impl PageLimits {
    /// Of the task list.
    pub const TASKS: Self = Self {
        default: 100,
        most: 500,
    };
    /// Of the audit trail.
    pub const AUDIT_LOGS: Self = Self {
        default: 100,
        most: 500,
    };
    /// Of the notifications.
    pub const NOTIFICATIONS: Self = Self {
        default: 50,
        most: 100,
    };
    /// Of a preview of occurrences.
    pub const OCCURRENCES: Self = Self {
        default: 5,
        most: 50,
    };

    /// The size for a request: 0 asks for the default, too much is taken as the most there is
    /// (AIP-158).
    pub fn choose(self, requested: i32) -> Result<PageSize, ValueError> {
        match requested {
            ..0 => Err(ValueError::Negative),
            0 => Ok(PageSize(self.default)),
            _ => Ok(PageSize(
                u16::try_from(requested).map_or(self.most, |size| size.min(self.most)),
            )),
        }
    }
}

impl PageSize {
    /// The size.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_size_is_capped_and_never_negative() {
        let size = |requested| PageLimits::TASKS.choose(requested).map(PageSize::get);
        assert_eq!(size(0), Ok(100));
        assert_eq!(size(1), Ok(1));
        assert_eq!(size(500), Ok(500));
        assert_eq!(size(501), Ok(500));
        assert_eq!(size(i32::MAX), Ok(500));
        assert_eq!(size(-1), Err(ValueError::Negative));
        assert_eq!(size(i32::MIN), Err(ValueError::Negative));
    }
}
