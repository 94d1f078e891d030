// SPDX-License-Identifier: MIT OR Apache-2.0
//! A user's mail: another transport, a command, a maildir or a mailbox file, in this order.
//!
//! *Postfix:* `local/mailbox`.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use delivery::Verdict;
use delivery::copy::Style;
use delivery::mailbox::{Identity, Mbox};
use mail::dsn::Status;
use runtime::log;

use crate::run::Run;
use crate::step::Step;
use crate::users::Rights;
use crate::{comsat, file};

impl Run<'_> {
    /// Delivers to the mailbox of a user; `None` if there is no such user.
    pub(crate) fn mailbox(&mut self, step: &Step) -> Option<Verdict> {
        let mut step = step.deeper();
        let user = step.name.user.clone();
        let local = String::from_utf8_lossy(&step.name.local).into_owned();
        if self.done_before(format!("mailbox {local}")) {
            return Some(Verdict::Done);
        }
        match self.agent.mailbox_transports.get(&user) {
            Ok(Some(transport)) => {
                return Some(self.hand_over(&step, &String::from_utf8_lossy(&transport)));
            }
            Ok(None) => {}
            Err(_) => return Some(self.table_trouble(&step)),
        }
        if !self.agent.params.mailbox_transport.is_empty() {
            let transport = self.agent.params.mailbox_transport.clone();
            return Some(self.hand_over(&step, &transport));
        }
        match self.agent.users.by_name(&user) {
            Ok(found) => step.rights = Some(Rights::of(found?)),
            Err(error) => return Some(self.user_trouble(&step, &error)),
        }
        Some(self.deliver_to_user(&step))
    }

    /// The user exists, and everything is done with the user's rights.
    fn deliver_to_user(&mut self, step: &Step) -> Verdict {
        match self.agent.mailbox_commands.get(&step.name.user) {
            Ok(Some(command)) => return self.command(step, &String::from_utf8_lossy(&command)),
            Ok(None) => {}
            Err(_) => return self.table_trouble(step),
        }
        let params = &self.agent.params;
        if !params.mailbox_command.is_empty() {
            let command = params.mailbox_command.clone();
            return self.command(step, &command);
        }
        let Some(rights) = step.rights.clone() else {
            return Verdict::Retry;
        };
        let user = String::from_utf8_lossy(&step.name.user).into_owned();
        if !params.home_mailbox.is_empty() {
            let path = rights
                .home
                .join(params.home_mailbox.trim_start_matches('/'));
            if params.home_mailbox.ends_with('/') {
                return self.maildir(step, &path);
            }
            return self.mailbox_file(step, &rights, &path, None);
        }
        let spool = params.mail_spool_directory.clone();
        if spool.ends_with('/') {
            return self.maildir(step, Path::new(&format!("{spool}{user}/")));
        }
        let path = PathBuf::from(format!("{spool}/{user}"));
        self.mailbox_file(step, &rights, &path, Some(Path::new(&spool)))
    }

    /// A file with all messages, in the home directory or in a spool directory.
    fn mailbox_file(
        &mut self,
        step: &Step,
        rights: &Rights,
        path: &Path,
        spool: Option<&Path>,
    ) -> Verdict {
        let mut step = step.clone();
        if self.message.is_probe() {
            return self.say(&step, (2, 0, 0), "delivers to mailbox");
        }
        if !self.agent.params.frozen_delivered_to {
            step.delivered = Some(step.recipient.address.clone());
        }
        let write_as = rights.identity();
        let open_as = spool.map_or(write_as, |spool| spool_identity(spool, write_as));
        let strict = self.agent.params.strict_mailbox_ownership;
        let mbox = Mbox {
            path,
            open_as,
            write_as,
            give_to: (open_as.uid != write_as.uid).then_some(write_as),
            owner: strict.then_some(write_as.uid),
            any_kind: false,
            refuse_executable: false,
            locks: self.agent.locks,
            dotlock_is_optional: false,
            patience: self.agent.patience,
            default_status: Status::new(5, 2, 0),
            kind_status: Status::new(5, 2, 0),
        };
        let date = file::asctime();
        let style = Style {
            from_line: Some(&date),
            quote_from: true,
            blank_line: true,
            ..file::style(&step, self.agent.delivered_header.file)
        };
        match mbox.append(&mut self.message.content(), &style) {
            Ok(length_before) => {
                if self.agent.params.biff {
                    comsat::notify(&rights.name, length_before);
                }
                self.say(&step, (2, 0, 0), "delivered to mailbox")
            }
            Err(trouble) => {
                if file::says(&trouble, "is not owned by recipient") {
                    log::warning(
                        "specify \"strict_mailbox_ownership = no\" to ignore mailbox ownership \
                         mismatch",
                    );
                }
                let user = String::from_utf8_lossy(&step.name.user);
                let prefix = format!("cannot update mailbox {} for user {user}. ", path.display());
                self.failed(&step, trouble.prefixed(&prefix))
            }
        }
    }
}

/// With whose rights a file in a spool directory is opened and locked: the recipient's where the
/// directory lets everybody or its group write, otherwise root's.
fn spool_identity(spool: &Path, recipient: Identity) -> Identity {
    // Without root's rights there is nobody else to be.
    if sys::users::real_uid() != 0 {
        return recipient;
    }
    match spool.metadata() {
        Ok(metadata) if metadata.mode() & 0o002 != 0 => recipient,
        Ok(metadata) if metadata.mode() & 0o020 != 0 => Identity {
            uid: recipient.uid,
            gid: metadata.gid(),
        },
        Ok(_) => Identity { uid: 0, gid: 0 },
        Err(_) => recipient,
    }
}
