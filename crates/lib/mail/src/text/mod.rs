// SPDX-License-Identifier: MIT OR Apache-2.0
//! Small text questions: what may be printed, what is a host name, case without meaning.

mod hostname;
mod printable;

pub use hostname::{
    domain_to_ascii, domain_to_utf8, is_valid_hostaddr, is_valid_hostname, is_valid_ipv4,
    is_valid_ipv6, is_valid_utf8_hostname, parse_literal, parse_literal_address,
};
pub use printable::{casefold, is_utf8, printable};
