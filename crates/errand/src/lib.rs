//! The one binary: a subcommand a service, and the commands an operator needs.
