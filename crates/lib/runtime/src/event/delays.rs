// SPDX-License-Identifier: MIT OR Apache-2.0
//! Durations as delivery lines show them: `delay=1.2, delays=0.02/0/0.4/0.78`.
//!
//! *Postfix:* format_tv(3), log_adhoc(3).

use std::fmt;
use std::time::Duration;

/// Significant digits of a delay.
const SIGNIFICANT: u32 = 2;

/// Where the time of one delivery went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delays {
    /// All of it: `delay=`.
    pub total: Duration,
    /// Before the queue manager, in it, connection set-up, transmission: `delays=`.
    pub parts: [Duration; 4],
    /// Most decimal places (`delay_logging_resolution_limit`).
    pub resolution: u32,
}

impl fmt::Display for Delays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "delay={}", seconds(self.total, self.resolution))?;
        for (index, part) in self.parts.iter().enumerate() {
            f.write_str(if index == 0 { ", delays=" } else { "/" })?;
            f.write_str(&seconds(*part, self.resolution))?;
        }
        Ok(())
    }
}

/// Seconds with two significant digits and at most `resolution` decimal places, without
/// needless zeros; seconds are never rounded to tens.
pub fn seconds(duration: Duration, resolution: u32) -> String {
    let micros = duration.as_micros();
    // Decimal places that keep the significant digits: one less per digit before the point,
    // one more per zero after it.
    let mut places = SIGNIFICANT;
    if micros >= 1_000_000 {
        places = places.saturating_sub((micros / 1_000_000).ilog10() + 1);
    } else if micros > 0 {
        places = (SIGNIFICANT + 5).saturating_sub(micros.ilog10());
    }
    let places = places.min(resolution).min(6);
    let unit = 10_u128.pow(6 - places);
    let rounded = (micros + unit / 2) / unit;
    let scale = 10_u128.pow(places);
    let (whole, fraction) = (rounded / scale, rounded % scale);
    if fraction == 0 {
        return whole.to_string();
    }
    let width = usize::try_from(places).unwrap_or(0);
    let digits = format!("{fraction:0width$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_count_and_zeros_do_not() {
        for (micros, text) in [
            (0, "0"),
            (4_999, "0"),
            (5_000, "0.01"),
            (12_345, "0.01"),
            (123_456, "0.12"),
            (999_999, "1"),
            (1_234_567, "1.2"),
            (9_960_000, "10"),
            (12_345_678, "12"),
            (123_456_789, "123"),
            (100_000, "0.1"),
        ] {
            assert_eq!(seconds(Duration::from_micros(micros), 2), text, "{micros}");
        }
        assert_eq!(seconds(Duration::from_micros(1_234), 6), "0.0012");
    }

    #[test]
    fn a_delivery_shows_the_sum_and_the_parts() {
        let ms = Duration::from_millis;
        let delays = Delays {
            total: ms(1200),
            parts: [ms(20), ms(0), ms(400), ms(780)],
            resolution: 2,
        };
        assert_eq!(delays.to_string(), "delay=1.2, delays=0.02/0/0.4/0.78");
    }
}
