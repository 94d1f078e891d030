// SPDX-License-Identifier: MIT OR Apache-2.0
//! Dates as RFC 822 headers spell them.
//!
//! *Postfix:* global/mail_date(3), with the leading zero of the day since 3.9.

/// A moment, taken apart in some time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Year, such as 2026.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
    /// Day of the week, 0 = Sunday.
    pub weekday: u8,
}

const SECONDS_PER_DAY: i64 = 86_400;
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Civil {
    /// Takes seconds since 1970 apart, for a zone that many seconds east of UTC. Moments beyond
    /// some millions of years are clamped.
    pub fn new(unix_seconds: i64, offset_seconds: i32) -> Civil {
        let limit = i64::MAX / 65_536;
        let local = unix_seconds.clamp(-limit, limit) + i64::from(offset_seconds);
        let days = local.div_euclid(SECONDS_PER_DAY);
        let second_of_day = local.rem_euclid(SECONDS_PER_DAY);
        // Count from 1 March of the year 0, so that leap days come at the end of a year.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 {
            march_month + 3
        } else {
            march_month - 9
        };
        Civil {
            year: era * 400 + year_of_era + i64::from(month <= 2),
            month: small(month),
            day: small(day_of_year - (153 * march_month + 2) / 5 + 1),
            hour: small(second_of_day / 3600),
            minute: small(second_of_day / 60 % 60),
            second: small(second_of_day % 60),
            weekday: small((days + 4).rem_euclid(7)),
        }
    }

    /// `Sun` to `Sat`.
    pub fn weekday_name(&self) -> &'static str {
        DAYS.get(usize::from(self.weekday))
            .copied()
            .unwrap_or("Sun")
    }

    /// `Jan` to `Dec`.
    pub fn month_name(&self) -> &'static str {
        let index = usize::from(self.month).saturating_sub(1);
        MONTHS.get(index).copied().unwrap_or("Jan")
    }
}

fn small(value: i64) -> u8 {
    u8::try_from(value).unwrap_or(0)
}

/// `Sun, 01 Mar 2026 09:05:07 +0100 (CET)` for seconds since 1970 and an offset east of UTC in
/// seconds; without the part in parentheses when `zone_name` is empty.
pub fn format(unix_seconds: i64, offset_seconds: i32, zone_name: &str) -> String {
    let date = Civil::new(unix_seconds, offset_seconds);
    let minutes = offset_seconds.unsigned_abs() / 60;
    let mut text = format!(
        "{}, {:02} {} {} {:02}:{:02}:{:02} {}{:02}{:02}",
        date.weekday_name(),
        date.day,
        date.month_name(),
        date.year,
        date.hour,
        date.minute,
        date.second,
        if offset_seconds < 0 { '-' } else { '+' },
        minutes / 60,
        minutes % 60,
    );
    if !zone_name.is_empty() {
        text.push_str(" (");
        text.push_str(zone_name);
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_look_like_those_of_the_original() {
        assert_eq!(
            format(1_772_352_307, 3600, "CET"),
            "Sun, 01 Mar 2026 09:05:07 +0100 (CET)"
        );
        assert_eq!(format(0, 0, ""), "Thu, 01 Jan 1970 00:00:00 +0000");
        assert_eq!(
            format(951_782_400, -12_600, "X"),
            "Mon, 28 Feb 2000 20:30:00 -0330 (X)"
        );
    }

    #[test]
    fn extreme_moments_do_not_overflow() {
        format(i64::MAX, i32::MAX, "");
        format(i64::MIN, i32::MIN, "");
    }

    proptest! {
        #[test]
        fn days_follow_each_other(day in -1_000_000i64..1_000_000) {
            let today = Civil::new(day * 86_400, 0);
            let tomorrow = Civil::new((day + 1) * 86_400, 0);
            prop_assert_eq!((today.weekday + 1) % 7, tomorrow.weekday);
            prop_assert!(tomorrow.day == today.day + 1 || (tomorrow.day == 1 && today.day >= 28));
        }
    }
}
