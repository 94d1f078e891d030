// SPDX-License-Identifier: MIT OR Apache-2.0
//! Delivered messages as tests look at them.

use std::path::Path;

/// One message from a mailbox, as text.
#[derive(Clone, Debug)]
pub struct Message {
    /// Header and body with LF line ends.
    pub text: String,
}

impl Message {
    /// All values of a header field, continuation lines included.
    #[must_use]
    pub fn headers(&self, name: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut inside = false;
        for line in self.text.lines().take_while(|line| !line.is_empty()) {
            if line.starts_with([' ', '\t']) {
                if let (true, Some(last)) = (inside, found.last_mut()) {
                    last.push('\n');
                    last.push_str(line);
                }
                continue;
            }
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            inside = field.eq_ignore_ascii_case(name);
            if inside {
                found.push(value.trim_start().to_owned());
            }
        }
        found
    }

    /// The first value of a header field, or nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers(name).into_iter().next()
    }

    /// Everything after the first empty line.
    #[must_use]
    pub fn body(&self) -> &str {
        self.text.split_once("\n\n").map_or("", |(_, body)| body)
    }
}

/// The messages of an mbox file; none if it does not exist.
#[must_use]
pub fn mbox(path: &Path) -> Vec<Message> {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    let mut messages: Vec<Message> = Vec::new();
    for line in text.lines() {
        if line.starts_with("From ") {
            messages.push(Message {
                text: String::new(),
            });
        } else if let Some(message) = messages.last_mut() {
            message.text.push_str(line);
            message.text.push('\n');
        }
    }
    // A message that is still being written does not count.
    if messages
        .last()
        .is_some_and(|last| !last.text.ends_with("\n\n"))
    {
        messages.pop();
    }
    for message in &mut messages {
        // The empty line between messages belongs to the mailbox.
        if message.text.ends_with("\n\n") {
            message.text.pop();
        }
    }
    messages
}

/// The messages in `new/` of a maildir.
#[must_use]
pub fn maildir(path: &Path) -> Vec<Message> {
    let mut names: Vec<_> = std::fs::read_dir(path.join("new"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    names.sort();
    names
        .into_iter()
        .filter_map(|name| std::fs::read(name).ok())
        .map(|bytes| Message {
            text: String::from_utf8_lossy(&bytes).into_owned(),
        })
        .collect()
}
