// SPDX-License-Identifier: MIT OR Apache-2.0
//! Exit codes that scripts and other mail programs test for.
//!
//! *Postfix:* sys_exits(3).

/// All went well.
pub const OK: i32 = 0;
/// A fatal error without a code of its own.
pub const FATAL: i32 = 1;
/// Command line usage error.
pub const USAGE: i32 = 64;
/// Data format error.
pub const DATAERR: i32 = 65;
/// Cannot open input.
pub const NOINPUT: i32 = 66;
/// Addressee unknown.
pub const NOUSER: i32 = 67;
/// Host name unknown.
pub const NOHOST: i32 = 68;
/// Service unavailable.
pub const UNAVAILABLE: i32 = 69;
/// Internal software error.
pub const SOFTWARE: i32 = 70;
/// System resource problem.
pub const OSERR: i32 = 71;
/// Critical operating system file missing.
pub const OSFILE: i32 = 72;
/// Cannot create user output file.
pub const CANTCREAT: i32 = 73;
/// Input/output error.
pub const IOERR: i32 = 74;
/// Temporary failure.
pub const TEMPFAIL: i32 = 75;
/// Remote error in protocol.
pub const PROTOCOL: i32 = 76;
/// Permission denied.
pub const NOPERM: i32 = 77;
/// Local configuration error.
pub const CONFIG: i32 = 78;
