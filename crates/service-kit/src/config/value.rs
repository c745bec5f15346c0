//! What a configuration value may be.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use figment::value::{Num, Value as Raw};

/// A type that a setting can have. Environment variables are texts; in the file numbers, truth
/// values and lists may be written as such.
pub trait Value: Sized {
    /// Reads the value, or says what it must be.
    fn parse(raw: &Raw) -> Result<Self, String>;
}

/// The raw value as a text, where it can be one.
fn text(raw: &Raw) -> Option<String> {
    match raw {
        Raw::String(_, text) => Some(text.trim().to_owned()),
        Raw::Num(_, number) => match number {
            Num::F32(_) | Num::F64(_) => number.to_f64().map(|number| number.to_string()),
            _ => number.to_i128().map(|number| number.to_string()),
        },
        Raw::Bool(_, flag) => Some(flag.to_string()),
        _ => None,
    }
}

macro_rules! whole_number {
    ($($number:ty),*) => {$(
        impl Value for $number {
            fn parse(raw: &Raw) -> Result<Self, String> {
                let parsed = text(raw).and_then(|text| text.replace('_', "").parse().ok());
                let (least, most) = (Self::MIN, Self::MAX);
                parsed.ok_or_else(|| format!("must be a whole number from {least} to {most}"))
            }
        }
    )*};
}

whole_number!(u16, u32, u64, usize);

impl Value for bool {
    fn parse(raw: &Raw) -> Result<Self, String> {
        match text(raw).as_deref() {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err("must be true or false".into()),
        }
    }
}

impl Value for String {
    fn parse(raw: &Raw) -> Result<Self, String> {
        text(raw)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| "must be a text that is not empty".into())
    }
}

impl Value for PathBuf {
    fn parse(raw: &Raw) -> Result<Self, String> {
        String::parse(raw)
            .map(Self::from)
            .map_err(|_| "must be a path".into())
    }
}

impl Value for Duration {
    fn parse(raw: &Raw) -> Result<Self, String> {
        let parsed = text(raw).and_then(|text| humantime::parse_duration(&text).ok());
        parsed.ok_or_else(|| "must be a length of time such as 250ms, 30s, 15min or 30days".into())
    }
}

impl Value for SocketAddr {
    fn parse(raw: &Raw) -> Result<Self, String> {
        let parsed = text(raw).and_then(|text| text.parse().ok());
        parsed.ok_or_else(|| "must be an IP address and a port such as 127.0.0.1:8000".into())
    }
}

impl Value for std::net::IpAddr {
    fn parse(raw: &Raw) -> Result<Self, String> {
        let parsed = text(raw).and_then(|text| text.parse().ok());
        parsed.ok_or_else(|| "must be an IP address such as 127.0.0.1".into())
    }
}

/// A list: an array in the file, texts separated by commas in the environment.
impl<T: Value> Value for Vec<T> {
    fn parse(raw: &Raw) -> Result<Self, String> {
        if let Raw::Array(_, items) = raw {
            return items.iter().map(T::parse).collect();
        }
        let list = text(raw).ok_or("must be a list")?;
        let items = list
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty());
        items.map(|item| T::parse(&Raw::from(item))).collect()
    }
}
