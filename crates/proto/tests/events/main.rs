//! Events as JSON: what is written, what is read, and what must be readable for ever.

mod fixed;
mod fixtures;
mod generate;
mod malformed;
mod round_trip;
mod typed;
