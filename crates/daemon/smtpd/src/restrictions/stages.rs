// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which lists are evaluated for which command, and in which order.
//!
//! With smtpd_delay_reject (the default) the lists about client, HELO and sender wait for RCPT,
//! and are evaluated again for every recipient. What one stage wants to defer is carried to the
//! next.
//!
//! *Postfix:* smtpd_check_client, _helo, _mail, _rcpt, _data, _eod, _etrn of smtpd_check(3).

use super::evaluate::{About, Answer, Verdict, shown};
use super::{AccessKind, Evaluator, List, Refusal};

pub(super) const CLIENT: &str = "Client host";
pub(super) const REVERSE_CLIENT: &str = "Unverified Client host";
pub(super) const HELO: &str = "Helo command";
pub(super) const SENDER: &str = "Sender address";
pub(super) const RECIPIENT: &str = "Recipient address";

/// The outcome of a command.
type Outcome = Result<(), Refusal>;

impl Evaluator<'_> {
    /// smtpd_client_restrictions.
    pub(crate) fn client(&mut self) -> Outcome {
        self.if_permit = None;
        let list = self.site.lists.client.clone();
        let name = self.facts.peer.name_and_address();
        let about = About {
            name: name.as_bytes(),
            class: CLIENT,
            default_access: Some(AccessKind::Client),
        };
        self.begin().walk(&list, about)?;
        self.carried.client = self.if_permit.clone();
        Ok(())
    }

    /// smtpd_helo_restrictions.
    pub(crate) fn helo(&mut self) -> Outcome {
        let Some(helo) = self.facts.helo else {
            self.carried.helo = self.carried.client.clone();
            return Ok(());
        };
        self.if_permit = self.carried.client.clone();
        let list = self.site.lists.helo.clone();
        let about = About {
            name: helo.as_bytes(),
            class: HELO,
            default_access: Some(AccessKind::Helo),
        };
        self.begin().walk(&list, about)?;
        self.carried.helo = self.if_permit.clone();
        Ok(())
    }

    /// smtpd_sender_restrictions, and the check of unlisted senders.
    pub(crate) fn sender(&mut self) -> Outcome {
        let Some(sender) = self.facts.sender else {
            return Ok(());
        };
        self.if_permit = self.carried.helo.clone();
        self.sender_checked = false;
        let list = self.site.lists.sender.clone();
        let about = About {
            name: sender,
            class: SENDER,
            default_access: Some(AccessKind::Sender),
        };
        self.begin().walk(&list, about)?;
        self.carried.sender = self.if_permit.clone();
        if self.site.params.smtpd_reject_unlisted_sender
            && !self.sender_checked
            && !self.actions.discard
        {
            self.reject_unlisted_sender()?;
        }
        Ok(())
    }

    /// All that concerns a recipient: with smtpd_delay_reject what came before, the relay and
    /// recipient lists, and the check of unlisted recipients.
    pub(crate) fn recipient(&mut self) -> Outcome {
        let Some(recipient) = self.facts.recipient else {
            return Ok(());
        };
        // RFC 5321, section 3.6: this one must be accepted whatever the site's policy.
        if recipient.eq_ignore_ascii_case(b"postmaster") {
            return Ok(());
        }
        if self.site.params.smtpd_delay_reject {
            self.client()?;
            self.helo()?;
            self.sender()?;
        }
        self.if_permit = self.carried.sender.clone();
        self.recipient_checked = false;
        let lists = &self.site.lists;
        let (relay, recipients) = (lists.relay.clone(), lists.recipient.clone());
        let about = About {
            name: recipient,
            class: RECIPIENT,
            default_access: Some(AccessKind::Recipient),
        };
        let relay_first = self.site.params.smtpd_relay_before_recipient_restrictions
            && !self.site.notices.relay_restrictions.in_force();
        if relay_first {
            self.begin().walk(&relay, about)?;
            self.begin().walk(&recipients, about)?;
        } else {
            self.recipient_before_relay(&recipients, &relay, about)?;
        }
        self.enforce_deferral()?;
        if self.site.params.smtpd_reject_unlisted_recipient
            && !self.recipient_checked
            && !self.actions.discard
        {
            self.reject_unlisted_recipient()?;
        }
        Ok(())
    }

    /// The order of releases before 3.6, with what is told of an older default: whom today's order
    /// or today's relay restrictions would have treated differently.
    fn recipient_before_relay(
        &mut self,
        recipients: &List,
        relay: &List,
        about: About<'_>,
    ) -> Outcome {
        let recipient = shown(about.name);
        let client = self.facts.peer.name_and_address();
        let notices = (
            self.site.notices.relay_after_recipient,
            self.site.notices.relay_restrictions,
        );
        self.begin().walk(recipients, about).inspect_err(|_| {
            notices.0.tell(format_args!(
                "to reject recipient \"{recipient}\" from client \"{client}\""
            ));
        })?;
        if self.begin().walk(relay, about)? == Verdict::Dunno {
            notices.1.tell(format_args!(
                "to avoid \"Relay access denied\" error for recipient \"{recipient}\" from \
                 client \"{client}\""
            ));
        }
        Ok(())
    }

    /// smtpd_etrn_restrictions, with smtpd_delay_reject after those of client and HELO.
    pub(crate) fn etrn(&mut self, domain: &str) -> Outcome {
        if self.site.params.smtpd_delay_reject {
            self.client()?;
            self.helo()?;
        }
        self.if_permit = self.carried.helo.clone();
        let list = self.site.lists.etrn.clone();
        let about = About {
            name: domain.as_bytes(),
            class: "Etrn command",
            default_access: Some(AccessKind::Etrn),
        };
        self.begin().walk(&list, about)?;
        self.enforce_deferral()
    }

    /// smtpd_data_restrictions.
    pub(crate) fn data(&mut self) -> Outcome {
        let list = self.site.lists.data.clone();
        self.whole_message(&list, b"DATA", "Data command")
    }

    /// smtpd_end_of_data_restrictions.
    pub(crate) fn end_of_data(&mut self) -> Outcome {
        let list = self.site.lists.end_of_data.clone();
        self.whole_message(&list, b"END-OF-MESSAGE", "End-of-data")
    }

    /// Whether the client's addresses are completed with our own domain.
    pub(crate) fn is_rewritten_locally(&mut self) -> Result<bool, Refusal> {
        let list = self.site.lists.local_rewrite.clone();
        let name = self.facts.peer.name_and_address();
        let about = About {
            name: name.as_bytes(),
            class: CLIENT,
            default_access: Some(AccessKind::Address),
        };
        Ok(self.begin().walk(&list, about)? == Verdict::Permit)
    }

    fn whole_message(&mut self, list: &List, name: &[u8], class: &str) -> Outcome {
        self.if_permit = None;
        self.begin().walk(
            list,
            About {
                name,
                class,
                default_access: None,
            },
        )?;
        self.enforce_deferral()
    }

    /// Forgets what concerns a single list.
    fn begin(&mut self) -> &mut Self {
        (self.depth, self.warn, self.if_reject) = (0, None, None);
        self
    }

    /// An earlier temporary error that could have been a refusal becomes one.
    fn enforce_deferral(&mut self) -> Outcome {
        let deferral: Answer = match self.if_permit.take() {
            Some(rejection) => self.begin().refuse(rejection),
            None => Ok(Verdict::Dunno),
        };
        deferral.map(|_| ())
    }
}
