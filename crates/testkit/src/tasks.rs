//! Tasks as tests write them.

use jiff::Timestamp;
use proto::{
    google_type::Date,
    v1::{Due, Task, due::When},
};

/// A task with a title.
pub fn task(title: &str) -> Task {
    Task {
        title: title.to_owned(),
        ..Task::default()
    }
}

/// Due at an instant, such as `2026-03-28T09:00:00+01:00`, in a time zone.
pub fn instant(moment: &str, zone: &str) -> Option<Due> {
    let moment: Timestamp = moment.parse().expect("a moment in RFC 3339");
    Some(Due {
        when: Some(When::Time(moment.into())),
        time_zone: zone.to_owned(),
    })
}

/// Due on a day, such as `2026-03-28`, in a time zone.
pub fn date(day: &str, zone: &str) -> Option<Due> {
    let day: jiff::civil::Date = day.parse().expect("a day");
    let date = Date {
        year: day.year().into(),
        month: day.month().into(),
        day: day.day().into(),
    };
    Some(Due {
        when: Some(When::Date(date)),
        time_zone: zone.to_owned(),
    })
}
