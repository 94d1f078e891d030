// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files with more addresses, `:include:/path`.
//!
//! *Invariants:* a file that everybody may write to, or that is no file, is not read. A user's
//! file that root's alias names is read with that user's rights, so that root's alias lends no
//! others.
//!
//! *Postfix:* `local/include`.

use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use delivery::Verdict;
use runtime::log;

use crate::run::{LEVEL_LIMIT, Run};
use crate::step::{Origin, Step};
use crate::users::{Rights, open_as, stat_as};

const CONFIGURATION: &str = "mail system configuration error";

impl Run<'_> {
    /// Delivers to the addresses in a file.
    pub(crate) fn include(&mut self, step: &Step, path: &Path) -> Verdict {
        let mut step = step.deeper();
        let shown = path.display();
        let uid = step.rights.as_ref().map_or(0, |rights| rights.uid);
        if step.level > LEVEL_LIMIT {
            log::warning(format_args!(":include: nesting limit exceeded for {shown}"));
            return self.say(&step, (5, 4, 6), ":include: nesting limit exceeded");
        }
        if self.done_before(format!("include {uid} {shown}")) {
            return Verdict::Done;
        }
        step.expanded_from = Some(step.name.local.clone());
        let owner = match self.check_include(&step, path) {
            Ok(owner) => owner,
            Err(why) => {
                log::warning(why);
                return self.say(&step, (5, 3, 5), CONFIGURATION);
            }
        };
        step.origin = Some(Origin::Include);
        if uid == 0 {
            match self.agent.users.by_uid(owner) {
                Ok(Some(user)) if user.uid != 0 => step.rights = Some(Rights::of(user)),
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => {
                    log::warning(format_args!("cannot find username for uid {owner}"));
                    log::warning(format_args!(
                        "{shown}: cannot find :include: file owner username"
                    ));
                    return self.say(&step, (4, 3, 5), CONFIGURATION);
                }
            }
        }
        // Members get messages of their own, even where nobody owns the list.
        if step.owner.is_none() {
            step.owner = Some(step.recipient.address.clone());
        }
        let file = match &step.rights {
            Some(rights) if rights.uid != 0 => open_as(path, rights.identity()),
            _ => File::open(path),
        };
        match file {
            Ok(file) => {
                if !self.agent.extensions_propagated.include {
                    step.unmatched = None;
                }
                self.targets_in_file(&step, file).0
            }
            Err(error) => {
                let why = delivery::trouble::error_text(&error);
                log::warning(format_args!("cannot open include file {shown}: {why}"));
                self.say(&step, (5, 3, 5), CONFIGURATION)
            }
        }
    }

    /// The owner of a file that may be read; otherwise what is wrong with it.
    fn check_include(&self, step: &Step, path: &Path) -> Result<u32, String> {
        let shown = path.display();
        if !path.is_absolute() {
            return Err(format!(":include:{shown} uses a relative path"));
        }
        let metadata = match &step.rights {
            Some(rights) if rights.uid != 0 => stat_as(path, rights.identity()),
            _ => std::fs::metadata(path),
        };
        let metadata = metadata.map_err(|error| {
            let why = delivery::trouble::error_text(&error);
            format!("unable to lookup :include: file {shown}: {why}")
        })?;
        if !metadata.is_file() {
            return Err(format!(":include: file {shown} is not a regular file"));
        }
        if metadata.mode() & 0o002 != 0 {
            return Err(format!(":include: file {shown} is world writable"));
        }
        Ok(metadata.uid())
    }
}
