// SPDX-License-Identifier: MIT OR Apache-2.0
//! Queue ids: the name of a message for as long as it is in the queue.
//!
//! A *short* id is five hexadecimal digits of the microsecond of creation followed by the inode
//! number, so it may come again a second later. A *long* id is the second (base 52), the microsecond
//! (base 52, four digits), the letter `z` and the inode number (base 51, so without a `z`), and never
//! comes again. Names that are not ids (flush(8) keeps its logs under site names) share the same
//! alphabet: letters, digits and underscore.
//!
//! *Invariants:* a [`QueueId`] is never empty, never longer than [`LENGTH_LIMIT`], and holds no byte
//! that could leave the queue directory.
//!
//! *Postfix:* global/mail_queue(3).

use std::ffi::OsStr;
use std::fmt;

/// Longest accepted queue id, in bytes.
pub const LENGTH_LIMIT: usize = 255;

/// Digits of base 52 and 51: no vowels, so that no words appear.
const SAFE_DIGITS: &[u8; 52] = b"0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
/// The separator before the inode number of a long id; digit 51 of the alphabet.
const SEPARATOR: u8 = b'z';
/// Digits of the time in seconds (at least) and of the microseconds (exactly) in a long id.
const SECONDS_DIGITS: usize = 6;
const MICROSECONDS_DIGITS: usize = 4;

/// Which form of id new files get (`enable_long_queue_ids`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdForm {
    /// Microsecond and inode number.
    Short,
    /// Second, microsecond and inode number: not repeated.
    Long,
}

/// A valid queue id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QueueId(String);

impl QueueId {
    /// Accepts a name of 1 to [`LENGTH_LIMIT`] letters, digits and underscores.
    pub fn parse(name: impl AsRef<[u8]>) -> Option<QueueId> {
        let name = name.as_ref();
        let sound = !name.is_empty()
            && name.len() <= LENGTH_LIMIT
            && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
        sound.then(|| QueueId(name.iter().map(|b| char::from(*b)).collect()))
    }

    /// Accepts a directory entry.
    pub fn from_file_name(name: &OsStr) -> Option<QueueId> {
        QueueId::parse(name.as_encoded_bytes())
    }

    /// Makes the id of a file created at `seconds` and `microseconds` with this inode number.
    pub fn new(form: IdForm, seconds: u64, microseconds: u32, inode: u64) -> QueueId {
        match form {
            IdForm::Short => QueueId(format!("{microseconds:05X}{inode:X}")),
            IdForm::Long => {
                let mut text = in_base(seconds, 52, SECONDS_DIGITS);
                text.push_str(&in_base(u64::from(microseconds), 52, MICROSECONDS_DIGITS));
                text.push(char::from(SEPARATOR));
                text.push_str(&in_base(inode, 51, 1));
                QueueId(text)
            }
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is a long id: the last `z` stands where an inode number can begin after it.
    pub fn is_long(&self) -> bool {
        self.separator().is_some()
    }

    /// The inode number in the id, if the id has the form of one made by [`QueueId::new`].
    pub fn inode(&self) -> Option<u64> {
        match self.separator() {
            Some(at) => from_base(self.0.as_bytes().get(at + 1..)?, 51),
            None => u64::from_str_radix(self.0.get(5..)?, 16).ok(),
        }
    }

    /// The same id with another inode number (postsuper -s).
    pub fn with_inode(&self, inode: u64) -> Option<QueueId> {
        match self.separator() {
            Some(at) => {
                let front = self.0.get(..=at)?;
                Some(QueueId(format!("{front}{}", in_base(inode, 51, 1))))
            }
            None => Some(QueueId(format!("{}{inode:X}", self.0.get(..5)?))),
        }
    }

    /// The second in which a long id was made.
    pub fn seconds(&self) -> Option<u64> {
        let at = self.separator()?;
        from_base(
            self.0
                .as_bytes()
                .get(..at.checked_sub(MICROSECONDS_DIGITS)?)?,
            52,
        )
    }

    /// The characters from which the hashed directories are named: the id itself, or, for a long id,
    /// its microseconds in hexadecimal, since its first digits change once in years.
    pub fn hash_characters(&self) -> String {
        let long = self.separator().and_then(|at| {
            let digits = self
                .0
                .as_bytes()
                .get(at.checked_sub(MICROSECONDS_DIGITS)?..at)?;
            from_base(digits, 52).map(|microseconds| format!("{microseconds:05X}"))
        });
        long.unwrap_or_else(|| self.0.clone())
    }

    fn separator(&self) -> Option<usize> {
        let at = self.0.bytes().rposition(|b| b == SEPARATOR)?;
        (at >= SECONDS_DIGITS + MICROSECONDS_DIGITS).then_some(at)
    }
}

impl fmt::Display for QueueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for QueueId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

fn in_base(mut number: u64, base: u64, least_digits: usize) -> String {
    let mut digits = Vec::new();
    while number > 0 || digits.len() < least_digits {
        let digit = usize::try_from(number % base).unwrap_or(0);
        digits.push(SAFE_DIGITS.get(digit).copied().unwrap_or(b'0'));
        number /= base;
    }
    digits.iter().rev().map(|b| char::from(*b)).collect()
}

fn from_base(digits: &[u8], base: u64) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u64, |number, digit| {
        let value = u64::try_from(SAFE_DIGITS.iter().position(|d| d == digit)?).ok()?;
        if value >= base {
            return None;
        }
        number.checked_mul(base)?.checked_add(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_id_is_microseconds_and_inode_in_hexadecimal() {
        let id = QueueId::new(IdForm::Short, 1_700_000_000, 0xABC, 0x1F2);
        assert_eq!(id.as_str(), "00ABC1F2");
        assert_eq!(id.inode(), Some(0x1F2));
        assert!(!id.is_long());
        assert_eq!(id.hash_characters(), "00ABC1F2");
        assert_eq!(id.with_inode(0x33).unwrap().as_str(), "00ABC33");
    }

    #[test]
    fn long_id_round_trips_and_hashes_on_microseconds() {
        let id = QueueId::new(IdForm::Long, 1_700_000_000, 999_999, 123_456);
        assert!(id.is_long());
        assert_eq!(id.seconds(), Some(1_700_000_000));
        assert_eq!(id.inode(), Some(123_456));
        assert_eq!(id.hash_characters(), "F423F");
        assert!(!id.as_str()[11..].contains('z'), "{id}");
        assert_eq!(id.with_inode(7).unwrap().inode(), Some(7));
    }

    #[test]
    fn name_with_other_characters_is_refused() {
        for bad in ["", "..", "a/b", "12345.678", "a b", "é", &"A".repeat(256)] {
            assert!(QueueId::parse(bad).is_none(), "{bad}");
        }
        assert!(QueueId::parse("A".repeat(255)).is_some());
        assert!(QueueId::parse("_1_2_3_4_").is_some());
    }

    #[test]
    fn early_z_does_not_make_a_long_id() {
        assert!(!QueueId::parse("examplez").unwrap().is_long());
        assert!(QueueId::parse("0000000000z").unwrap().inode().is_none());
    }
}
