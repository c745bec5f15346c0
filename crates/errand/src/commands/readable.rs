//! What others wrote, as a terminal can bear it.

use std::{error::Error, fmt::Write as _};

/// A text on one line. Ids and reasons come from events, and an event may carry anything: what
/// would end the line, or steer the terminal, is written out.
pub(super) fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// An error with every cause, on one line.
pub(super) fn error(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |error: &&dyn Error| (*error).source());
    let causes = causes.map(|cause| line(&cause.to_string()));
    causes.collect::<Vec<_>>().join(": ")
}

/// What an event carries: JSON is laid out, other text is shown line by line, and of anything else
/// the beginning, in hexadecimal.
pub(super) fn payload(bytes: &[u8]) -> String {
    /// How many bytes of what is no text are shown.
    const SHOWN: usize = 256;

    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes) {
        return format!("{value:#}");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.lines().map(line).collect::<Vec<_>>().join("\n");
    }
    let mut shown = format!("{} bytes that are no text:", bytes.len());
    for byte in &bytes[..bytes.len().min(SHOWN)] {
        write!(shown, " {byte:02x}").expect("a String takes everything");
    }
    if SHOWN < bytes.len() {
        shown.push_str(" …");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(
            line("fine\u{1b}[2J\nnext\u{9b}1m"),
            r"fine\u{1b}[2J\nnext\u{9b}1m"
        );
        assert_eq!(payload(b"one\ntwo\x07"), "one\ntwo\\u{7}");
    }

    #[test]
    fn json_is_laid_out_and_bytes_are_counted() {
        assert_eq!(payload(br#"{"a":"\u001b"}"#), "{\n  \"a\": \"\\u001b\"\n}");
        assert_eq!(payload(&[0xff, 0]), "2 bytes that are no text: ff 00");
        let many = payload(&[0xff; 300]);
        assert!(many.starts_with("300 bytes") && many.ends_with("ff …"));
    }
}
