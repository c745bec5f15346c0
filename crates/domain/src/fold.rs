use std::borrow::Cow;

use icu_casemap::CaseMapper;
use unicode_normalization::UnicodeNormalization;

use crate::{Description, Title};

/// The most bytes of a sort key of a title. PostgreSQL keeps at most 2704 bytes in one entry of an
/// index, which also holds a user id of up to 1020; folding can lengthen 255 characters to more.
pub const MAX_TITLE_KEY_BYTES: usize = 1024;

/// A text as it is compared in searches and sorting: Unicode's NFKC, full case folding and NFKC
/// again, until nothing changes any more. Folding a folded text changes nothing.
///
/// The four letters of the Turkish i are one letter here: `İstanbul`, `ISTANBUL`, `ıstanbul` and
/// `istanbul` are equal, since neither the writer's nor the searcher's language is known.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = fold_once(text);
    loop {
        let again = fold_once(&folded);
        if again == folded {
            return folded;
        }
        folded = again;
    }
}

/// What titles are sorted by, in binary order: folded, and cut to [`MAX_TITLE_KEY_BYTES`] at the
/// end of a character.
pub fn title_key(title: &Title) -> String {
    let mut key = fold(title.as_str());
    key.truncate(key.floor_char_boundary(MAX_TITLE_KEY_BYTES));
    key
}

/// What is searched: title and description, folded, on lines of their own.
pub fn search_text(title: &Title, description: &Description) -> String {
    let mut text = fold(title.as_str());
    if !description.is_empty() {
        text.push('\n');
        text.push_str(&fold(description.as_str()));
    }
    text
}

fn fold_once(text: &str) -> String {
    let composed: String = text.nfkc().collect();
    let folded = CaseMapper::new().fold_string(&composed);
    one_i(&folded).nfkc().collect()
}

/// `ı` becomes `i`, and the dot that folding leaves of `İ` goes.
fn one_i(text: &str) -> Cow<'_, str> {
    const DOTLESS: char = '\u{131}';
    const DOT_ABOVE: char = '\u{307}';
    if !text.contains([DOTLESS, DOT_ABOVE]) {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            DOTLESS => result.push('i'),
            DOT_ABOVE if result.ends_with('i') => {}
            _ => result.push(character),
        }
    }
    Cow::Owned(result)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_width_and_composition_make_no_difference() {
        let equal = [
            ("ÄÖÜ", "äöü"),
            ("STRASSE", "straße"),
            ("A\u{308}", "ä"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("ＦＵＬＬ", "full"),
            ("ｶﾞ", "ガ"),
            ("ﬁne", "FINE"),
            ("ПРИВЕТ", "привет"),
            ("Ǆ", "ǆ"),
        ];
        for (left, right) in equal {
            assert_eq!(fold(left), fold(right), "{left} {right}");
        }
        assert_ne!(fold("a"), fold("ä"));
        assert_eq!(fold("漢字 買う"), "漢字 買う");
    }

    #[test]
    fn every_turkish_i_is_one_letter() {
        for word in [
            "İSTANBUL",
            "ISTANBUL",
            "istanbul",
            "ıstanbul",
            "I\u{307}stanbul",
            "i\u{307}stanbul",
        ] {
            assert_eq!(fold(word), "istanbul", "{word}");
        }
    }

    #[test]
    fn a_title_key_stays_short_enough_for_an_index() {
        // One character that NFKC makes 18 of.
        let title = Title::parse(&"\u{fdfa}".repeat(255)).unwrap();
        assert!(fold(title.as_str()).len() > MAX_TITLE_KEY_BYTES);
        let key = title_key(&title);
        assert!(key.len() <= MAX_TITLE_KEY_BYTES && key.len() > MAX_TITLE_KEY_BYTES - 4);
    }

    #[test]
    fn a_word_does_not_reach_from_the_title_into_the_description() {
        let title = Title::parse("Buy Milk").unwrap();
        let description = Description::parse("Shakes").unwrap();
        assert_eq!(search_text(&title, &description), "buy milk\nshakes");
        assert_eq!(search_text(&title, &Description::default()), "buy milk");
    }

    #[test]
    fn folding_every_character_is_idempotent() {
        // All that Unicode has assigned outside private use lies below U+40000 and in plane 14.
        let characters: Vec<char> = ('\0'..'\u{40000}')
            .chain('\u{e0000}'..'\u{e1000}')
            .collect();
        for block in characters.chunks(64) {
            // A bar between them keeps each from composing with its neighbour.
            let text: String = block
                .iter()
                .flat_map(|character| ['|', *character])
                .collect();
            let folded = fold(&text);
            assert_eq!(fold(&folded), folded);
        }
    }

    proptest! {
        #[test]
        fn folding_is_idempotent(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn folding_marks_and_letters_is_idempotent(text in "[iIİıßΣςa\u{300}-\u{345}ᾳᾼǰ\u{1e9e}\u{fb00}-\u{fb06}]{0,12}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn upper_and_lower_case_fold_to_the_same(text in "[a-zA-ZäöüÄÖÜßçğışöüİIа-яА-Я ]{0,20}") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
            prop_assert_eq!(fold(&text.to_lowercase()), fold(&text));
        }
    }
}
