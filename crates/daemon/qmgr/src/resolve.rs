// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where each recipient goes: the answer of trivial-rewrite, and what overrides it.
//!
//! In this order: a message that the administrator expired, a redirected message, a content filter,
//! a recipient without address, what the resolver says; then mail to the double-bounce address,
//! `defer_transports`, and too many address probes.
//!
//! *Errors*: a resolver that cannot be asked makes mail wait, and is logged.
//!
//! *Postfix:* qmgr_message_resolve in qmgr_message.

use crate::message::Message;
use crate::params::Params;
use crate::schedule::Route;
use ipc::flags::ResolveFlags;
use ipc::services::Recipient;
use ipc::services::resolve::{Resolved, Verification};
use ipc::services::rewrite::{Client, Rule};
use runtime::log;

/// What becomes of a recipient before any delivery.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// It goes there.
    Deliver(Route),
    /// Undeliverable mail about undeliverable mail: finished, with this explanation.
    Discard(Recipient, &'static str),
    /// Another recipient stands for it.
    Nothing,
}

/// The way to trivial-rewrite, and what overrides it.
pub(crate) struct Resolver {
    client: Client,
    double_bounce_sender: String,
    defer_transports: Vec<String>,
    filter_nexthop: String,
    myhostname: String,
}

impl Resolver {
    /// A resolver as main.cf says.
    pub(crate) fn new(params: &Params, client: Client) -> Self {
        let transports = config::value::words(&params.defer_transports);
        Resolver {
            client,
            double_bounce_sender: params.double_bounce_sender.clone(),
            defer_transports: transports.map(str::to_owned).collect(),
            filter_nexthop: params.default_filter_nexthop.clone(),
            myhostname: params.myhostname.clone(),
        }
    }

    /// Says where a recipient goes. With `excess_probes`, probes have to wait.
    pub(crate) fn resolve(
        &mut self,
        message: &mut Message,
        mut recipient: Recipient,
        excess_probes: bool,
    ) -> Resolution {
        if message.forced_expire {
            let text = "4.7.0 message is administratively expired";
            return deliver(answer(RETRY, text, &recipient), recipient);
        }
        let redirected = !message.redirect.is_empty();
        if redirected {
            if message.redirected {
                return Resolution::Nothing;
            }
            message.redirected = true;
            recipient.address = match self.client.rewrite(&Rule::Local, &message.redirect) {
                Ok(address) => mail::address::unquote_822_local(&address),
                Err(error) => {
                    log::warning(format_args!("{}: {error}", message.id.as_str()));
                    return deliver(answer(RETRY, FAILURE, &recipient), recipient);
                }
            };
        }
        let filter = &message.content_filter;
        let reply = if !redirected && !filter.is_empty() && !message.trace_flags.intersects(VERIFY)
        {
            self.filter(filter, &recipient)
        } else if recipient.address.is_empty() {
            answer(ERROR, "5.1.3 null recipient address", &recipient)
        } else {
            self.ask(message, &recipient)
        };
        if reply.flags.contains(ResolveFlags::CLASS_LOCAL)
            && self.is_double_bounce(&reply.recipient)
        {
            let text = "undeliverable postmaster notification discarded";
            return Resolution::Discard(recipient, text);
        }
        let deferred = !message.lift_defer_transports
            && self
                .defer_transports
                .iter()
                .any(|name| name.as_bytes().eq_ignore_ascii_case(&reply.transport));
        let reply = if deferred {
            answer(RETRY, "4.3.2 deferred transport", &recipient)
        } else if message.is_probe() && excess_probes {
            answer(
                RETRY,
                "4.3.2 Too many address verification requests",
                &recipient,
            )
        } else {
            reply
        };
        deliver(reply, recipient)
    }

    /// To be called before the program waits.
    pub(crate) fn rest(&mut self) {
        self.client.close_if_old();
    }

    fn ask(&mut self, message: &Message, recipient: &Recipient) -> Resolved {
        let purpose = if message.is_probe() {
            Verification::Yes
        } else {
            Verification::No
        };
        let reply = match self
            .client
            .resolve(purpose, &message.sender, &recipient.address)
        {
            Ok(reply) => reply,
            Err(error) => {
                log::warning(format_args!("{}: {error}", message.id.as_str()));
                return answer(RETRY, FAILURE, recipient);
            }
        };
        if reply.flags.contains(ResolveFlags::FAIL) || reply.transport.is_empty() {
            return answer(RETRY, FAILURE, recipient);
        }
        if reply.flags.contains(ResolveFlags::ERROR) {
            return answer(ERROR, "5.1.3 bad address syntax", recipient);
        }
        reply
    }

    /// `transport:nexthop`; without a next hop, the one for filters, or the recipient's domain.
    fn filter(&self, filter: &[u8], recipient: &Recipient) -> Resolved {
        let colon = filter.iter().position(|byte| *byte == b':');
        let (transport, nexthop) = match colon {
            Some(at) => (
                filter.get(..at).unwrap_or_default(),
                filter.get(at + 1..).unwrap_or_default(),
            ),
            None => (filter, b"".as_slice()),
        };
        let (_, domain) = mail::address::split_at_last_at(&recipient.address);
        let nexthop = match (nexthop, domain) {
            ([_, ..], _) => nexthop,
            _ if !self.filter_nexthop.is_empty() => self.filter_nexthop.as_bytes(),
            (_, Some(domain)) => domain,
            (_, None) => self.myhostname.as_bytes(),
        };
        Resolved {
            transport: transport.to_vec(),
            nexthop: nexthop.to_vec(),
            ..answer(RETRY, "", recipient)
        }
    }

    fn is_double_bounce(&self, address: &[u8]) -> bool {
        let (local, _) = mail::address::split_at_last_at(address);
        local.eq_ignore_ascii_case(self.double_bounce_sender.as_bytes())
    }
}

const RETRY: &str = "retry";
const ERROR: &str = "error";
const FAILURE: &str = "4.3.0 address resolver failure";
const VERIFY: ipc::flags::DeliverFlags =
    ipc::flags::DeliverFlags::MTA_VERIFY.union(ipc::flags::DeliverFlags::USER_VERIFY);

/// As if the resolver had said this.
fn answer(transport: &str, nexthop: &str, recipient: &Recipient) -> Resolved {
    Resolved {
        server: ipc::flags::ServerFlags::empty(),
        transport: transport.into(),
        nexthop: nexthop.into(),
        recipient: recipient.address.clone(),
        flags: ResolveFlags::empty(),
    }
}

fn deliver(reply: Resolved, mut recipient: Recipient) -> Resolution {
    recipient.address = reply.recipient;
    Resolution::Deliver(Route {
        transport: reply.transport,
        nexthop: reply.nexthop,
        recipient,
    })
}
