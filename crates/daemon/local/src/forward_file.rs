// SPDX-License-Identifier: MIT OR Apache-2.0
//! A user's own .forward file.
//!
//! *Invariants:* the file is looked for and read with the user's rights, and what it names is
//! done with the user's rights.
//!
//! *Postfix:* `local/dotforward`.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use delivery::Verdict;
use mail::dsn::{Action, Notify};
use runtime::log;

use crate::expansion::expand;
use crate::run::Run;
use crate::step::{Origin, Step};
use crate::users::{Rights, lstat_as, open_as};

impl Run<'_> {
    /// Delivers to the addresses in the user's file; `None` if there is none that counts.
    pub(crate) fn forward_file(&mut self, step: &Step) -> Option<Verdict> {
        let mut step = step.deeper();
        let user = match self.agent.users.by_name(&step.name.user) {
            Ok(user) => user?,
            Err(error) => return Some(self.user_trouble(&step, &error)),
        };
        if !self.agent.params.frozen_delivered_to {
            step.delivered = Some(step.recipient.address.clone());
        }
        let rights = Rights::of(user);
        step.rights = Some(rights.clone());
        step.origin = Some(Origin::Forward);
        step.owner = Some(step.name.user.clone());
        let (path, metadata) = self.find_forward_file(&mut step, &rights)?;
        let shown = path.display().to_string();
        if self
            .message
            .flags()
            .contains(ipc::flags::DeliverFlags::MTA_VERIFY)
        {
            return Some(self.say(&step, (2, 0, 0), format!("forward via file: {shown}")));
        }
        // A user who is in the own file, perhaps by an alias, wants the mailbox the second time.
        if self.done_before(format!("forward {shown}")) {
            let complete = self
                .seen
                .contains(format!("forward-done {shown}").as_bytes());
            return complete.then_some(Verdict::Done);
        }
        step.expanded_from = Some(step.name.local.clone());
        if let Err(why) = check(&metadata, &rights, &shown) {
            log::warning(why);
            return None;
        }
        let file = match open_as(&path, rights.identity()) {
            Ok(file) => file,
            Err(error) => {
                let why = delivery::trouble::error_text(&error);
                log::warning(format_args!("cannot open file {shown}: {why}"));
                return None;
            }
        };
        let wanted = step.recipient.notify;
        step.drop_notify_success();
        let (verdict, count) = self.targets_in_file(&step, file);
        if count == 0 {
            // An empty file means nothing; one that cannot be read means "wait".
            return (verdict == Verdict::Retry).then_some(verdict);
        }
        self.done_before(format!("forward-done {shown}"));
        if verdict == Verdict::Done && wanted.contains(Notify::SUCCESS) {
            step.recipient.notify = wanted;
            return Some(self.trace_expansion(&step, Action::Expanded));
        }
        Some(verdict)
    }

    /// The first file of forward_path that is there.
    fn find_forward_file(&self, step: &mut Step, rights: &Rights) -> Option<(PathBuf, Metadata)> {
        let agent = &self.agent;
        let entries = agent
            .params
            .forward_path
            .split([',', ' ', '\t', '\r', '\n'])
            .filter(|entry| !entry.is_empty());
        for entry in entries {
            let filter = Some(agent.params.forward_expansion_filter.as_str());
            let client = &self.message.request.client;
            let expanded = match expand(entry, step, client, agent.delimiters(), filter) {
                Ok(expanded) if !expanded.undefined => expanded,
                Ok(_) => continue,
                Err(error) => {
                    log::warning(error);
                    continue;
                }
            };
            let path = PathBuf::from(expanded.text);
            if let Ok(metadata) = lstat_as(&path, rights.identity()) {
                if expanded.uses_extension || !agent.extensions_propagated.forward {
                    step.unmatched = None;
                }
                return Some((path, metadata));
            }
        }
        None
    }
}

fn check(metadata: &Metadata, rights: &Rights, shown: &str) -> Result<(), String> {
    if !metadata.is_file() {
        return Err(format!("file {shown} is not a regular file"));
    }
    if metadata.uid() != 0 && metadata.uid() != rights.uid {
        return Err(format!("file {shown} has bad owner uid {}", metadata.uid()));
    }
    if metadata.mode() & 0o002 != 0 {
        return Err(format!("file {shown} is world writable"));
    }
    Ok(())
}
