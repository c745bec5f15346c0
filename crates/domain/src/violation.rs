use std::fmt;

/// One thing that is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldViolation {
    /// The field's path as the proto spells it, in `snake_case`: `task.reminders[1].before_due`.
    pub field: String,
    /// What is wrong, worded to follow the field's name: "must have 1 to 255 characters".
    pub description: String,
}

/// All that is wrong with a request, in the order of its discovery. Empty while nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(Vec<FieldViolation>);

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
        self.0.push(FieldViolation {
            field: field.into(),
            description: description.to_string(),
        });
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
        self.0.extend(others.0);
    }

    /// The same violations seen from outside: see [`FieldViolation::scoped`].
    #[must_use]
    pub fn scoped(self, scope: &str) -> Self {
        Self(
            self.0
                .into_iter()
                .map(|violation| violation.scoped(scope))
                .collect(),
        )
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The violations, in the order of their discovery.
    pub fn as_slice(&self) -> &[FieldViolation] {
        &self.0
    }

    /// The violations, in the order of their discovery.
    pub fn into_vec(self) -> Vec<FieldViolation> {
        self.0
    }

    /// `value` if nothing is wrong.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, violation) in self.0.iter().enumerate() {
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
