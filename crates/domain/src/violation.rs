use std::fmt;

/// How many violations are kept: more help nobody, and whoever sends a request decides how many
/// there are. One of each field of the largest message fits.
const MOST: usize = 64;

/// The field of the entry that stands for violations beyond those that are kept.
const REST: &str = "*";

/// One thing that is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldViolation {
    /// The field's path as the proto spells it, in `snake_case`: `task.reminders[1].before_due`.
    pub field: String,
    /// What is wrong, worded to follow the field's name: "must have 1 to 255 characters".
    pub description: String,
}

/// What is wrong with a request, in the order of its discovery. Empty while nothing is. Beyond 64
/// violations the others are only counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations {
    kept: Vec<FieldViolation>,
    left_out: usize,
}

impl FieldViolation {
    /// The same violation seen from outside: `title` scoped by `task` is `task.title`.
    #[must_use]
    pub fn scoped(self, scope: &str) -> Self {
        Self {
            field: format!("{scope}.{}", self.field),
            description: self.description,
        }
    }
}

impl Violations {
    /// No violation.
    pub fn new() -> Self {
        Self::default()
    }

    /// A single violation.
    pub fn one(field: impl Into<String>, description: impl fmt::Display) -> Self {
        let mut violations = Self::new();
        violations.add(field, description);
        violations
    }

    /// Adds a violation.
    pub fn add(&mut self, field: impl Into<String>, description: impl fmt::Display) {
        if self.kept.len() < MOST {
            self.kept.push(FieldViolation {
                field: field.into(),
                description: description.to_string(),
            });
        } else {
            self.left_out += 1;
        }
    }

    /// Takes the value of a parse, or notes what is wrong with the field.
    pub fn take<T, E: fmt::Display>(
        &mut self,
        field: impl Into<String>,
        parsed: Result<T, E>,
    ) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(field, error);
                None
            }
        }
    }

    /// Adds all of `others`.
    pub fn extend(&mut self, others: Violations) {
        let room = MOST - self.kept.len();
        self.left_out += others.left_out + others.kept.len().saturating_sub(room);
        self.kept.extend(others.kept.into_iter().take(room));
    }

    /// The same violations seen from outside: see [`FieldViolation::scoped`].
    #[must_use]
    pub fn scoped(self, scope: &str) -> Self {
        let kept = self.kept.into_iter();
        Self {
            kept: kept.map(|violation| violation.scoped(scope)).collect(),
            ..self
        }
    }

    /// The first `most` of them; the others are only counted.
    #[must_use]
    pub fn limited(mut self, most: usize) -> Self {
        self.left_out += self.kept.len().saturating_sub(most);
        self.kept.truncate(most);
        self
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The violations, in the order of their discovery. Those that were only counted are one entry
    /// at the end, which says how many they are, with the field `*`.
    pub fn into_vec(self) -> Vec<FieldViolation> {
        let rest = self.rest();
        let mut all = self.kept;
        all.extend(rest);
        all
    }

    /// `value` if nothing is wrong.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }

    fn rest(&self) -> Option<FieldViolation> {
        (self.left_out > 0).then(|| FieldViolation {
            field: String::from(REST),
            description: format!("{} more are left out", self.left_out),
        })
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = self.rest();
        for (position, violation) in self.kept.iter().chain(&rest).enumerate() {
            let separator = if position == 0 { "" } else { "; " };
            write!(
                formatter,
                "{separator}{} {}",
                violation.field, violation.description
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(count: usize) -> Violations {
        let mut violations = Violations::new();
        for number in 0..count {
            violations.add(format!("tags[{number}]"), "must not be empty");
        }
        violations
    }

    #[test]
    fn the_first_are_kept_and_the_others_counted() {
        let all = violations(MOST).into_vec();
        assert_eq!((all.len(), &*all[MOST - 1].field), (MOST, "tags[63]"));
        let all = violations(1_000_000).scoped("task").into_vec();
        assert_eq!((all.len(), &*all[0].field), (MOST + 1, "task.tags[0]"));
        let rest = &all[MOST];
        let expected = ("*", "999936 more are left out");
        assert_eq!((&*rest.field, &*rest.description), expected);
        let all = violations(1_000_000).limited(2).to_string();
        assert!(all.ends_with("tags[1] must not be empty; * 999998 more are left out"));
        assert_eq!(violations(3).limited(3), violations(3));
    }

    #[test]
    fn those_of_parts_are_counted_together() {
        let mut all = violations(50);
        all.extend(violations(39));
        all.add("title", "must have 1 to 255 characters");
        assert!(all.to_string().ends_with("; * 26 more are left out"));
        assert_eq!(all.into_vec().len(), MOST + 1);
    }
}
