// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the queue manager reads from main.cf.

use crate::schedule::{Feedback, Limits, TransportLimits, WindowLimits};
use config::{ConfigError, MainCf, Parameter, per_transport};
use runtime::log;

config::select! {
    /// What the queue manager reads from main.cf, apart from what it reads per transport.
    pub(crate) struct Params {
        address_verify_pending_request_limit,
        bounce_queue_lifetime,
        bounce_service_name,
        confirm_delay_cleared,
        daemon_timeout,
        default_filter_nexthop,
        default_process_limit,
        defer_service_name,
        defer_transports,
        delay_logging_resolution_limit,
        disable_verp_bounces,
        double_bounce_sender,
        hash_queue_depth,
        hash_queue_names,
        helpful_warnings,
        in_flow_delay,
        info_log_address_format,
        ipc_idle,
        ipc_ttl,
        maximal_backoff_time,
        maximal_queue_lifetime,
        minimal_backoff_time,
        myhostname,
        qmgr_clog_warn_time,
        qmgr_daemon_timeout,
        qmgr_ipc_timeout,
        qmgr_message_active_limit,
        qmgr_message_recipient_limit,
        qmgr_message_recipient_minimum,
        queue_run_delay,
        recipient_delimiter,
        rewrite_service_name,
        trace_service_name,
        transport_retry_time,
    }
}

impl Params {
    /// A notice does not live longer than other mail.
    pub(crate) fn adjust_lifetimes(&mut self) {
        if self.bounce_queue_lifetime > self.maximal_queue_lifetime {
            log::warning(
                "bounce_queue_lifetime is larger than maximal_queue_lifetime - adjusting \
                 bounce_queue_lifetime",
            );
            self.bounce_queue_lifetime = self.maximal_queue_lifetime;
        }
    }

    /// The limits of the scheduler. The memory for recipients must hold one of each message.
    pub(crate) fn limits(&self) -> Limits {
        let (mut recipients, messages) = (
            self.qmgr_message_recipient_limit,
            self.qmgr_message_active_limit,
        );
        if recipients < messages {
            log::warning(format_args!(
                "qmgr_message_recipient_limit is smaller than qmgr_message_active_limit; \
                 adjusting it to {messages}"
            ));
            recipients = messages;
        }
        Limits {
            recipients: count(recipients),
            recipients_per_message: count(self.qmgr_message_recipient_minimum),
            messages: count(messages),
            dead_destination: self.minimal_backoff_time,
            dead_transport: self.transport_retry_time,
            delimiters: self.recipient_delimiter.as_bytes().to_vec(),
        }
    }
}

/// The settings of one transport.
///
/// # Errors
/// The first value that cannot be used.
pub(crate) fn transport_limits(
    main_cf: &MainCf,
    transport: &str,
) -> Result<TransportLimits, ConfigError> {
    use config::params as p;
    let number = |value: i32| i64::from(value);
    let feedback = |text: String| {
        text.parse::<Feedback>().unwrap_or_else(|_| {
            log::warning(format_args!(
                "{transport}: ignoring malformed or unknown feedback: {text}"
            ));
            Feedback::FALLBACK
        })
    };
    Ok(TransportLimits {
        window: WindowLimits {
            initial: unsigned(read(
                main_cf,
                transport,
                p::transport_initial_destination_concurrency,
            )?),
            maximum: unsigned(read(
                main_cf,
                transport,
                p::transport_destination_concurrency_limit,
            )?),
            positive: feedback(read(
                main_cf,
                transport,
                p::transport_destination_concurrency_positive_feedback,
            )?),
            negative: feedback(read(
                main_cf,
                transport,
                p::transport_destination_concurrency_negative_feedback,
            )?),
            failed_cohorts: unsigned(read(
                main_cf,
                transport,
                p::transport_destination_concurrency_failed_cohort_limit,
            )?),
        },
        recipients_per_delivery: count(read(
            main_cf,
            transport,
            p::transport_destination_recipient_limit,
        )?),
        destination_rate_delay: read(main_cf, transport, p::transport_destination_rate_delay)?,
        transport_rate_delay: read(main_cf, transport, p::transport_transport_rate_delay)?,
        recipients: number(read(main_cf, transport, p::transport_recipient_limit)?),
        extra_recipients: number(read(
            main_cf,
            transport,
            p::transport_extra_recipient_limit,
        )?),
        refill_limit: number(read(
            main_cf,
            transport,
            p::transport_recipient_refill_limit,
        )?),
        refill_delay: read(main_cf, transport, p::transport_recipient_refill_delay)?,
        slot_cost: number(read(main_cf, transport, p::transport_delivery_slot_cost)?),
        slot_loan: number(read(main_cf, transport, p::transport_delivery_slot_loan)?),
        slot_discount: number(read(
            main_cf,
            transport,
            p::transport_delivery_slot_discount,
        )?),
        minimum_slots: number(read(
            main_cf,
            transport,
            p::transport_minimum_delivery_slots,
        )?),
    })
}

fn read<P: Parameter>(
    main_cf: &MainCf,
    transport: &str,
    family: P,
) -> Result<config::table::ValueOf<P>, ConfigError> {
    per_transport(main_cf, transport, family)
}

/// A limit; a negative number means "no limit", as 0 does.
fn count(value: i32) -> usize {
    usize::try_from(value).unwrap_or(0)
}

fn unsigned(value: i32) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::path::Path;
    use std::rc::Rc;
    use std::time::Duration;

    fn limits(main_cf: &str, transport: &str) -> TransportLimits {
        let main_cf = MainCf::from_text(Path::new("/nowhere"), main_cf).unwrap();
        transport_limits(&main_cf, transport).unwrap()
    }

    #[test]
    fn transports_have_the_defaults_of_the_manual() {
        let smtp = limits("", "smtp");
        assert_eq!((smtp.window.initial, smtp.window.maximum), (5, 20));
        assert_eq!(smtp.recipients_per_delivery, 50);
        assert_eq!(smtp.window.positive, Feedback::Constant(1.0));
        assert_eq!(
            (smtp.slot_cost, smtp.slot_loan, smtp.slot_discount),
            (5, 3, 50)
        );
        let local = limits("", "local");
        assert_eq!(
            (local.window.maximum, local.recipients_per_delivery),
            (2, 1)
        );
    }

    #[test]
    fn a_transport_overrides_the_default_that_others_keep() {
        let text = "default_destination_rate_delay = 3s\n\
                    slow_destination_concurrency_limit = 7\n\
                    slow_destination_rate_delay = 0s\n\
                    slow_destination_concurrency_positive_feedback = 1/concurrency\n";
        let slow = limits(text, "slow");
        assert_eq!(slow.window.maximum, 7);
        assert!(slow.destination_rate_delay.is_zero());
        assert_eq!(slow.window.positive, Feedback::OverConcurrency(1.0));
        assert_eq!(
            limits(text, "smtp").destination_rate_delay,
            Duration::from_secs(3)
        );
    }

    #[test]
    fn a_feedback_that_makes_no_sense_is_replaced_with_a_warning() {
        let lines = Rc::new(RefCell::new(Vec::new()));
        log::start("postfix/qmgr", vec![log::Sink::Capture(lines.clone())]);
        let text = "default_destination_concurrency_negative_feedback = 1/cubic\n";
        assert_eq!(limits(text, "smtp").window.negative, Feedback::FALLBACK);
        assert_eq!(
            lines.take(),
            ["warning: smtp: ignoring malformed or unknown feedback: 1/cubic"]
        );
    }

    #[test]
    fn memory_for_recipients_is_raised_to_one_per_message() {
        let text = "qmgr_message_active_limit = 50\nqmgr_message_recipient_limit = 20\n";
        let main_cf = MainCf::from_text(Path::new("/nowhere"), text).unwrap();
        let params = Params::load(&main_cf).unwrap();
        assert_eq!(params.limits().recipients, 50);
    }
}
