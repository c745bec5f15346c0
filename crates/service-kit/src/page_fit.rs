//! How much a page may hold.

/// The most bytes of contents on a page: clients take answers of 4 MiB unless they say otherwise. A
/// page of very large things holds fewer than it might.
const PAGE_BYTES: usize = 2 << 20;

/// How many of the things fit on a page, given the size of each in bytes: one at least, if there is
/// one.
pub fn fitting(sizes: impl IntoIterator<Item = usize>) -> usize {
    let mut bytes = 0_usize;
    let mut count = 0;
    for size in sizes {
        bytes = bytes.saturating_add(size);
        if PAGE_BYTES < bytes && 0 < count {
            break;
        }
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_filled_and_never_empty() {
        assert_eq!(fitting([]), 0);
        assert_eq!(fitting([1, 2, 3]), 3);
        assert_eq!(fitting([3 * PAGE_BYTES, 1]), 1);
        assert_eq!(fitting([PAGE_BYTES / 2, PAGE_BYTES / 2, 1]), 2);
        assert_eq!(fitting([1, PAGE_BYTES, 1]), 1);
    }
}
