use std::collections::BTreeSet;

use crate::Violations;

/// The fields of a message that an edit can change.
pub trait MaskField: Copy + Ord + 'static {
    /// All of them.
    const ALL: &'static [Self];

    /// The message's other fields. A mask may name them, without effect (AIP-203: output only).
    const IGNORED: &'static [&'static str];

    /// The field's name in the proto.
    fn name(self) -> &'static str;
}

/// The fields that an edit changes (AIP-134, AIP-161).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateMask<F: MaskField>(BTreeSet<F>);

impl<F: MaskField> UpdateMask<F> {
    /// The fields that a request named: `*` is all of them, output-only ones are ignored. Fields
    /// are replaced as a whole, so that a path into one (`due.date`) is as unknown as any other.
    /// The violations name `update_mask`.
    pub fn parse<P: AsRef<str>>(paths: impl IntoIterator<Item = P>) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let mut fields = BTreeSet::new();
        for path in paths {
            let path = path.as_ref();
            if path == "*" {
                fields.extend(F::ALL);
            } else if let Some(field) = F::ALL.iter().find(|field| field.name() == path) {
                fields.insert(*field);
            } else if !F::IGNORED.contains(&path) {
                violations.add(
                    "update_mask",
                    format!("names `{path}`, which is not a field"),
                );
            }
        }
        violations.into_result(Self(fields))
    }

    /// The fields that a request without a mask populates.
    pub fn of(populated: impl IntoIterator<Item = F>) -> Self {
        Self(populated.into_iter().collect())
    }

    /// Whether `field` changes.
    pub fn contains(&self, field: F) -> bool {
        self.0.contains(&field)
    }

    /// `value` if `field` changes.
    pub fn masked<T>(&self, field: F, value: impl FnOnce() -> T) -> Option<T> {
        self.contains(field).then(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ProfileField, TaskField};

    #[test]
    fn a_mask_holds_the_fields_it_names() {
        let mask = UpdateMask::<TaskField>::parse(["due", "title", "due"]).unwrap();
        assert_eq!(mask, UpdateMask::of([TaskField::Title, TaskField::Due]));
        assert_eq!(mask.masked(TaskField::Due, || 1), Some(1));
        assert_eq!(mask.masked(TaskField::Tags, || 1), None);
    }

    #[test]
    fn a_star_is_every_field() {
        let mask = UpdateMask::<TaskField>::parse(["*"]).unwrap();
        assert_eq!(mask, UpdateMask::of(TaskField::ALL.iter().copied()));
        let mask = UpdateMask::<ProfileField>::parse(["*", "language"]).unwrap();
        assert_eq!(mask, UpdateMask::of(ProfileField::ALL.iter().copied()));
    }

    #[test]
    fn output_only_fields_are_ignored() {
        let mask = UpdateMask::<TaskField>::parse(TaskField::IGNORED).unwrap();
        assert_eq!(mask, UpdateMask::of([]));
    }

    #[test]
    fn every_unknown_path_is_named() {
        let violations =
            UpdateMask::<TaskField>::parse(["title", "colour", "due.date", "Title"]).unwrap_err();
        assert_eq!(
            violations.to_string(),
            "update_mask names `colour`, which is not a field; update_mask names `due.date`, which \
             is not a field; update_mask names `Title`, which is not a field"
        );
    }
}
