// SPDX-License-Identifier: MIT OR Apache-2.0
//! The line of mail that local programs submit.
//!
//! *Postfix:* pickup(8).

use std::fmt;

use bstr::BStr;

/// `ID: uid=N from=<SENDER>[ orig_id=ID]`.
pub struct PickedUp<'a> {
    /// The queue id that cleanup chose.
    pub queue_id: &'a str,
    /// Whose file it was.
    pub uid: u32,
    /// The envelope sender.
    pub sender: &'a [u8],
    /// The queue id that the message had before, when it was put back into the queue.
    pub original_id: Option<&'a str>,
}

impl fmt::Display for PickedUp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            queue_id,
            uid,
            sender,
            original_id,
        } = self;
        write!(f, "{queue_id}: uid={uid} from=<{}>", BStr::new(sender))?;
        match original_id {
            Some(id) => write!(f, " orig_id={id}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requeued_message_shows_its_former_id() {
        let mut line = PickedUp {
            queue_id: "A1",
            uid: 5,
            sender: b"a@b",
            original_id: None,
        };
        assert_eq!(line.to_string(), "A1: uid=5 from=<a@b>");
        line.original_id = Some("B2");
        assert_eq!(line.to_string(), "A1: uid=5 from=<a@b> orig_id=B2");
    }
}
