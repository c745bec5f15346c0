//! Events as JSON: what is written, what is read, and what must be readable for ever.

mod fixtures;
mod malformed;
mod round_trip;
mod typed;
