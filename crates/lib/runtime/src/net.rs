// SPDX-License-Identifier: MIT OR Apache-2.0
//! Small values of the network: `host:port` pairs, address blocks, names.
//!
//! *Postfix:* host_port(3), cidr_match(3), valid_hostname(3),
//! own_inet_addr(3), inet_proto(3).

pub mod cidr;
pub mod host_port;
pub mod hostname;
pub mod interfaces;
pub mod octets;
pub mod port;
