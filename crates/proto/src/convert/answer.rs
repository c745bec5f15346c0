//! Values that are computed for an answer and kept nowhere.

use domain::{Due, Preview, TaskStats};

use crate::v1;

impl From<&Preview> for v1::PreviewOccurrencesResponse {
    fn from(preview: &Preview) -> Self {
        let occurrence = |(index, due): &(u32, Due)| v1::Occurrence {
            // An index counts days at most, and the calendar has four million.
            index: i32::try_from(*index).unwrap_or(i32::MAX),
            due: Some(due.into()),
        };
        Self {
            occurrences: preview.occurrences.iter().map(occurrence).collect(),
            ends: preview.ends,
        }
    }
}

impl From<TaskStats> for v1::GetTaskStatsResponse {
    fn from(stats: TaskStats) -> Self {
        Self {
            total: stats.total,
            pending: stats.pending,
            completed: stats.completed,
            overdue: stats.overdue,
            due_today: stats.due_today,
        }
    }
}
