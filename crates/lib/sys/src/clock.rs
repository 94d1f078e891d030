// SPDX-License-Identifier: MIT OR Apache-2.0
//! The calendar of this machine's time zone.
//!
//! *Postfix:* the localtime(3) calls of msg_logger(3), mail_date(3) and showq(8).

#![expect(
    unsafe_code,
    reason = "the time zone database is reached through the C library"
)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment as a wall clock and calendar show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// Year, such as 2026.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Day of the week, 0 (Sunday) to 6.
    pub weekday: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 60.
    pub second: u8,
    /// Seconds east of UTC.
    pub utc_offset: i32,
}

impl LocalTime {
    /// The English abbreviation of the month, `Jan` to `Dec`.
    pub fn month_name(&self) -> &'static str {
        const NAMES: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        NAMES
            .get(usize::from(self.month.saturating_sub(1)))
            .copied()
            .unwrap_or("???")
    }

    /// The English abbreviation of the weekday, `Sun` to `Sat`.
    pub fn weekday_name(&self) -> &'static str {
        const NAMES: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
        NAMES
            .get(usize::from(self.weekday))
            .copied()
            .unwrap_or("???")
    }
}

/// The local time of a moment in seconds since 1970.
pub fn local_time(unix_seconds: i64) -> LocalTime {
    let parts = broken_down(unix_seconds);
    let small = |value: libc::c_int| u8::try_from(value).unwrap_or(0);
    LocalTime {
        year: parts.tm_year.saturating_add(1900),
        month: small(parts.tm_mon.saturating_add(1)),
        day: small(parts.tm_mday),
        weekday: small(parts.tm_wday),
        hour: small(parts.tm_hour),
        minute: small(parts.tm_min),
        second: small(parts.tm_sec),
        utc_offset: i32::try_from(parts.tm_gmtoff).unwrap_or(0),
    }
}

/// The abbreviation of the time zone in force at a moment, such as `CET`; empty when the system
/// has none.
pub fn zone_name(unix_seconds: i64) -> String {
    let parts = broken_down(unix_seconds);
    if parts.tm_zone.is_null() {
        return String::new();
    }
    // SAFETY: a non-null tm_zone is a C string that lives until the time zone changes, which
    // only this single-threaded process could do.
    let name = unsafe { std::ffi::CStr::from_ptr(parts.tm_zone) };
    name.to_string_lossy().into_owned()
}

/// The fields of a moment; zeroes for a year beyond the range of C.
fn broken_down(unix_seconds: i64) -> libc::tm {
    let mut parts = std::mem::MaybeUninit::<libc::tm>::zeroed();
    // SAFETY: both pointers are valid for the call; localtime_r keeps neither.
    let filled = unsafe { libc::localtime_r(&raw const unix_seconds, parts.as_mut_ptr()) };
    // A year beyond the range of C leaves the zeroes.
    let _ = filled;
    // SAFETY: all-zero bytes are a valid tm, and localtime_r writes nothing but valid ones.
    unsafe { parts.assume_init() }
}

/// Seconds since 1970 of a moment; negative before.
pub fn unix_seconds(when: SystemTime) -> i64 {
    match when.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
    }
}

/// The moment of these seconds since 1970.
pub fn from_unix_seconds(seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let moment = if seconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    moment.unwrap_or(UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_moment_has_its_weekday() {
        // 2026-03-01 12:00:00 UTC, a Sunday in every zone within 11 hours of UTC.
        let time = local_time(1_772_366_400);
        assert_eq!(
            (time.year, time.month_name(), time.weekday_name()),
            (2026, "Mar", "Sun")
        );
    }

    #[test]
    fn the_time_zone_has_a_name() {
        assert!(!zone_name(1_772_366_400).is_empty());
    }

    #[test]
    fn absurd_moments_do_not_panic() {
        zone_name(i64::MAX);
        local_time(i64::MAX);
        local_time(i64::MIN);
        assert_eq!(unix_seconds(from_unix_seconds(-5)), -5);
        from_unix_seconds(i64::MIN);
    }
}
