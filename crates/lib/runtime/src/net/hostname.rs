// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which texts are host names.
//!
//! *Postfix:* valid_hostname(3).

/// Longest host name in bytes.
const NAME_LIMIT: usize = 255;
/// Longest label in bytes.
const LABEL_LIMIT: usize = 63;

/// Whether this is a host name: letters, digits, hyphens, underscores and UTF-8 in labels of
/// sane length, not all digits and dots.
pub fn is_valid(name: &str) -> bool {
    let name_for_labels = name.strip_suffix('.').unwrap_or(name);
    let ok_label = |label: &str| {
        !label.is_empty()
            && label.len() <= LABEL_LIMIT
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b) || b >= 0x80)
    };
    let numeric = name_for_labels
        .bytes()
        .all(|b| b.is_ascii_digit() || b == b'.');
    name.len() <= NAME_LIMIT && !numeric && name_for_labels.split('.').all(ok_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_garbage_are_told_apart() {
        for good in [
            "a",
            "mail.example.com",
            "x_y.example",
            "1a.2",
            "bücher.example",
            "a.b.",
        ] {
            assert!(is_valid(good), "{good}");
        }
        let long = "a".repeat(64);
        for bad in [
            "",
            ".",
            "a..b",
            "-a",
            "a-",
            "a b",
            "1.2.3.4",
            "12",
            long.as_str(),
            "a\n",
        ] {
            assert!(!is_valid(bad), "{bad}");
        }
    }
}
