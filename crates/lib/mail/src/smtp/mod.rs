// SPDX-License-Identifier: MIT OR Apache-2.0
//! SMTP syntax (RFC 5321): commands, replies, EHLO keywords.

pub mod command;
pub mod ehlo;
pub mod reply;
