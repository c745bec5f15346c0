//! The wire: types generated from proto/, their JSON form, and conversions from and to the domain.
