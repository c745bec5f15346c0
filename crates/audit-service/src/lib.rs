//! One immutable row for every task event.
