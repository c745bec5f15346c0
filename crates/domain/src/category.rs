use std::fmt;

use crate::ValueError;

/// The categories there are. A list, not an enum: a new one needs no change of types or tables.
pub const CATEGORIES: [&str; 4] = ["work", "personal", "home", "other"];

/// What area of life a task belongs to: one of [`CATEGORIES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(&'static str);

impl Category {
    /// Reads a category in any case, with or without white space around it.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        CATEGORIES
            .into_iter()
            .find(|category| category.eq_ignore_ascii_case(text))
            .map(Self)
            .ok_or(ValueError::NotOneOf {
                choices: "work, personal, home, other",
            })
    }

    /// The category in lower case.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl Default for Category {
    fn default() -> Self {
        Self("other")
    }
}

impl fmt::Display for Category {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_one_of_the_list_in_any_case() {
        for category in CATEGORIES {
            assert_eq!(
                Category::parse(&category.to_uppercase()).unwrap().as_str(),
                category
            );
        }
        assert_eq!(
            Category::parse(Category::default().as_str()),
            Ok(Category::default())
        );
        let error = Category::parse("school").unwrap_err().to_string();
        assert_eq!(error, format!("must be one of {}", CATEGORIES.join(", ")));
    }
}
