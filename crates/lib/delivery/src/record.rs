// SPDX-License-Identifier: MIT OR Apache-2.0
//! The services that remember what became of recipients: bounce, defer, trace, verify, flush.
//!
//! *Errors*: whether a record is safe is a plain answer; why it is not is logged here, since
//! the caller only needs to know what to do next.
//!
//! *Postfix:* the client halves of bounce(3), defer(3), trace(3), verify_clnt(3),
//! flush_clnt(3).

use std::time::Duration;

use bstr::ByteSlice;
use config::Notice;
use ipc::client::{ClientError, Endpoint};
use ipc::flags::{BounceFlags, RecipientStatus};
use ipc::services::{Recipient, bounce, flush, verify};
use mail::dsn::Dsn;
use maps::{DomainList, Options, ParentMatch};
use runtime::log;

use crate::params::StatusParams;

/// Which log a record goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Permanent failures.
    Bounce,
    /// Temporary failures.
    Defer,
    /// What a sender wants to know anyway.
    Trace,
}

/// The way to the services.
pub struct Records {
    bounce: Endpoint,
    defer: Endpoint,
    trace: Endpoint,
    flush: Endpoint,
    verify: Endpoint,
    names: [String; 3],
    timeout: Duration,
    flush_domains: Option<DomainList>,
    flush_notice: Notice,
}

impl Records {
    /// The services that main.cf names.
    ///
    /// # Errors
    /// `fast_flush_domains` cannot be used.
    pub fn new(params: &StatusParams) -> Result<Records, maps::OpenError> {
        let name = "fast_flush_domains";
        let parents = ParentMatch::of(name, &params.parent_domain_matches_subdomains);
        let options = Options::of(&params.tables);
        let list = DomainList::parse(name, &params.fast_flush_domains, parents, &options)?;
        let private = |service: &str| Endpoint::private(service);
        Ok(Records {
            bounce: private(&params.bounce_service_name),
            defer: private(&params.defer_service_name),
            trace: private(&params.trace_service_name),
            flush: Endpoint::public(&params.flush_service_name),
            verify: private(&params.address_verify_service_name),
            names: [
                params.bounce_service_name.clone(),
                params.defer_service_name.clone(),
                params.trace_service_name.clone(),
            ],
            timeout: params.ipc_timeout,
            flush_domains: Some(list),
            flush_notice: params.fast_flush_notice.0,
        })
    }

    /// Services that a test plays: one that gets bounce, defer and trace records alike.
    #[must_use]
    pub fn played_by(service: &Endpoint) -> Records {
        Records {
            bounce: service.clone(),
            defer: service.clone(),
            trace: service.clone(),
            flush: service.clone(),
            verify: service.clone(),
            names: ["bounce".into(), "defer".into(), "trace".into()],
            timeout: Duration::from_secs(10),
            flush_domains: None,
            flush_notice: Notice::default(),
        }
    }

    /// What messages call a service.
    #[must_use]
    pub fn service(&self, kind: Kind) -> &str {
        let [bounce, defer, trace] = &self.names;
        match kind {
            Kind::Bounce => bounce,
            Kind::Defer => defer,
            Kind::Trace => trace,
        }
    }

    /// A table that changed since it was opened.
    #[must_use]
    pub fn changed(&self) -> Option<&str> {
        self.flush_domains.as_ref().and_then(DomainList::changed)
    }

    /// Adds a record; whether it is safe now. `flags` are those of the request that ask for a
    /// trace.
    #[must_use]
    pub fn append(
        &self,
        kind: Kind,
        flags: BounceFlags,
        queue_id: &str,
        recipient: &Recipient,
        dsn: &Dsn,
    ) -> bool {
        let endpoint = match kind {
            Kind::Bounce => &self.bounce,
            Kind::Defer => &self.defer,
            Kind::Trace => &self.trace,
        };
        let request = bounce::Request::Append {
            flags,
            queue_id: queue_id.as_bytes().to_vec(),
            recipient: recipient.clone(),
            dsn: dsn.clone(),
        };
        is_done(request.ask(endpoint, self.timeout))
    }

    /// Sends a notice about one recipient; whether it is on its way.
    #[must_use]
    pub fn notify(&self, message: bounce::Message, recipient: &Recipient, dsn: &Dsn) -> bool {
        let request = bounce::Request::One {
            flags: BounceFlags::empty(),
            message,
            recipient: recipient.clone(),
            dsn: Box::new(dsn.clone()),
        };
        is_done(request.ask(&self.bounce, self.timeout))
    }

    /// Tells the verify service what a probe found out; whether it knows now.
    #[must_use]
    pub fn verified(
        &self,
        queue_id: &str,
        recipient: &Recipient,
        status: RecipientStatus,
        reason: &[u8],
    ) -> bool {
        let mut addresses = vec![&recipient.address];
        if !recipient.original.is_empty() && recipient.original != recipient.address {
            addresses.insert(0, &recipient.original);
        }
        addresses.into_iter().all(|address| {
            let request = verify::Update {
                address: address.clone(),
                status,
                reason: reason.to_vec(),
            };
            let done = is_done(request.ask(&self.verify, self.timeout));
            if !done {
                log::warning(format_args!(
                    "{queue_id}: {} service failure",
                    self.verify.name()
                ));
            }
            done
        })
    }

    /// Tells the flush service that mail for the recipient's site waits, if it keeps a list for
    /// that site.
    pub fn remember_site(&mut self, queue_id: &str, address: &[u8]) {
        let (_, site) = mail::address::split_at_last_at(address);
        let (Some(site), Some(list)) = (site, &mut self.flush_domains) else {
            return;
        };
        if !matches!(list.matches(site), Ok(true)) {
            return;
        }
        self.flush_notice.tell(format_args!(
            "to update fast-flush logfile for domain \"{}\"",
            site.as_bstr()
        ));
        let request = flush::Request::Add {
            site: site.to_vec(),
            queue_id: queue_id.as_bytes().to_vec(),
        };
        match request.ask(&self.flush, self.timeout) {
            Ok(flush::Status::Ok | flush::Status::Deny) => {}
            Ok(flush::Status::Fail | flush::Status::Bad) | Err(_) => {
                log::warning(format_args!("{queue_id}: flush service failure"));
            }
        }
    }
}

fn is_done(answer: Result<i32, ClientError>) -> bool {
    match answer {
        Ok(status) => status == 0,
        Err(error) => {
            log::warning(error);
            false
        }
    }
}
