//! JSON as Go's `encoding/json` writes what it has read: keys sorted, every number a 64-bit float,
//! `<`, `>` and `&` escaped. Data of an event passes through it once, so that what a handler gets
//! here is what it gets through daprd.

use std::fmt::Write as _;

use serde_json::Value;

/// The value as Go would write it after reading it.
pub(super) fn normalized(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, &mut text);
    text
}

/// The text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    write_string(text, &mut quoted);
    quoted
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(number.as_f64().unwrap_or_default(), out),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            // The map keeps its order only if no crate asks serde_json for insertion order.
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| name.as_str());
            out.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                write_value(member, out);
            }
            out.push('}');
        }
    }
}

/// Go writes the shortest form that reads back, with an exponent below 1e-6 and from 1e21 on.
fn write_number(number: f64, out: &mut String) {
    let magnitude = number.abs();
    let written = if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = format!("{number:e}");
        let text = if text.contains("e-") {
            text
        } else {
            text.replace('e', "e+")
        };
        write!(out, "{text}")
    } else {
        write!(out, "{number}")
    };
    written.expect("a string takes everything");
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                write!(out, "\\u{:04x}", u32::from(character)).expect("a string takes everything");
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::normalized;

    fn through(text: &str) -> String {
        normalized(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn keys_are_sorted_at_every_depth() {
        assert_eq!(
            through(r#"{"b": {"z": 1, "a": [2, {"y": 3, "x": 4}]}, "a": null}"#),
            r#"{"a":null,"b":{"a":[2,{"x":4,"y":3}],"z":1}}"#
        );
    }

    #[test]
    fn numbers_become_floats_in_their_shortest_form() {
        assert_eq!(
            through("[1, 1.0, -0.5, 1e3, 9007199254740993]"),
            "[1,1,-0.5,1000,9007199254740992]"
        );
        assert_eq!(
            through("[1e21, 1.5e300, 1e20, 0.000001, 1e-7, 0]"),
            "[1e+21,1.5e+300,100000000000000000000,0.000001,1e-7,0]"
        );
    }

    #[test]
    fn what_html_could_mistake_is_escaped() {
        assert_eq!(
            through(r#""a<b>&\u2028\u0001\"\\\/é""#),
            r#""a\u003cb\u003e\u0026\u2028\u0001\"\\/é""#
        );
    }
}
