// SPDX-License-Identifier: MIT OR Apache-2.0
//! The NOTIFY and RET parameters of RFC 3461.
//!
//! *Postfix:* global/dsn_mask(3).

use bitflags::bitflags;

bitflags! {
    /// When the sender wants to be told. Empty: the default (failure and delay).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Notify: u32 {
        /// Never.
        const NEVER = 1;
        /// After delivery.
        const SUCCESS = 2;
        /// When it fails.
        const FAILURE = 4;
        /// When it takes long.
        const DELAY = 8;
    }
}

impl Notify {
    /// The words of a parameter value.
    pub fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
        text.split(|&b| b == b',').filter(|word| !word.is_empty())
    }

    /// Reads `NEVER` or a comma-separated list of the others, without regard to case.
    pub fn parse(text: &[u8]) -> Option<Notify> {
        let mut notify = Notify::empty();
        for word in Notify::words(text) {
            notify |= match word.to_ascii_uppercase().as_slice() {
                b"NEVER" => Notify::NEVER,
                b"SUCCESS" => Notify::SUCCESS,
                b"FAILURE" => Notify::FAILURE,
                b"DELAY" => Notify::DELAY,
                _ => return None,
            };
        }
        if notify.is_empty() || notify.contains(Notify::NEVER) && notify != Notify::NEVER {
            None
        } else {
            Some(notify)
        }
    }

    /// The parameter value; empty for the default.
    pub fn to_parameter(self) -> String {
        let words = [
            (Notify::NEVER, "NEVER"),
            (Notify::SUCCESS, "SUCCESS"),
            (Notify::FAILURE, "FAILURE"),
            (Notify::DELAY, "DELAY"),
        ];
        let wanted: Vec<&str> = words
            .iter()
            .filter(|(flag, _)| self.contains(*flag))
            .map(|(_, word)| *word)
            .collect();
        wanted.join(",")
    }
}

bitflags! {
    /// How much of the message a failure notice returns. Empty: the default.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Ret: u32 {
        /// The whole message.
        const FULL = 1;
        /// Its headers.
        const HDRS = 2;
    }
}

impl Ret {
    /// Reads `FULL` or `HDRS`, without regard to case.
    pub fn parse(text: &[u8]) -> Option<Ret> {
        if text.eq_ignore_ascii_case(b"FULL") {
            Some(Ret::FULL)
        } else if text.eq_ignore_ascii_case(b"HDRS") {
            Some(Ret::HDRS)
        } else {
            None
        }
    }

    /// The parameter value; empty for the default.
    pub fn as_str(self) -> &'static str {
        if self == Ret::FULL {
            "FULL"
        } else if self == Ret::HDRS {
            "HDRS"
        } else {
            ""
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_stands_alone() {
        assert_eq!(Notify::parse(b"never"), Some(Notify::NEVER));
        assert_eq!(
            Notify::parse(b"success,Delay"),
            Some(Notify::SUCCESS | Notify::DELAY)
        );
        for bad in [&b""[..], b"never,success", b",", b"success,foo", b"foo"] {
            assert_eq!(Notify::parse(bad), None);
        }
        assert_eq!(
            (Notify::DELAY | Notify::SUCCESS).to_parameter(),
            "SUCCESS,DELAY"
        );
    }

    #[test]
    fn ret_is_full_or_headers() {
        assert_eq!(Ret::parse(b"full"), Some(Ret::FULL));
        assert_eq!(Ret::parse(b"HDRS").map(Ret::as_str), Some("HDRS"));
        assert_eq!(Ret::parse(b""), None);
    }
}
