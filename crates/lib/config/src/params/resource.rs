// SPDX-License-Identifier: MIT OR Apache-2.0
//! Limits of processes, memory, time and internal conversations.

use crate::table::parameters;

parameters! {
    /// Interval over which all anvil rates are computed.
    anvil_rate_time_unit: Time = "60s", at_least 1, since "2.2";
    /// How often anvil logs peak counts/rates.
    anvil_status_update_time: Time = "600s", at_least 1, since "2.2";
    /// How long postkick waits for a daemon to take the request from the FIFO/socket.
    application_event_drain_time: Time = "100s", at_least 1, since "2.1";
    /// Watchdog for one request in a daemon.
    daemon_timeout: Time = "18000s", at_least 1;
    /// Child limit of master.cf services with `-` in maxproc.
    default_process_limit: Int = "100", at_least 1;
    /// Size of the duplicate-recipient filters (alias expansion, bounce logs, showq); 0 =
    /// unlimited.
    duplicate_filter_limit: Int = "1000";
    /// Tries for fork().
    fork_attempts: Int = "5", at_least 1;
    /// Pause between them.
    fork_delay: Time = "1s", at_least 1;
    /// Address tokens processed per header, rest dropped.
    header_address_token_limit: Int = "10240", at_least 1;
    /// Received: headers (counted in the primary header) at which cleanup refuses the message:
    /// 554 5.4.0 too many hops.
    hopcount_limit: Int = "50", at_least 1;
    /// Pause of cleanup before accepting a message when no flow token is available; 0 disables.
    in_flow_delay: Time = "1s", at_most 10;
    /// Idle time after which a client closes an internal connection.
    ipc_idle: Time = "5s", at_least 1;
    /// Time limit for internal I/O; exceeding is fatal or retried by the caller.
    ipc_timeout: Time = "3600s", at_least 1;
    /// Age at which a client closes an active internal connection.
    ipc_ttl: Time = "1000s", at_least 1, since "2.1";
    /// Record length for long input lines (chopped as N/L records, rejoined on output) and
    /// command length limit.
    line_length_limit: Int = "2048", at_least 512;
    /// Type or name/type list of services that master leaves off.
    master_service_disable: List = "", since "2.6";
    /// Idle daemon exits after this time (not for solitary ones).
    max_idle: Time = "100s", at_least 1;
    /// Clients per process before a voluntary exit.
    max_use: Int = "100", at_least 1;
    /// Status filter of pipe(8).
    pipe_delivery_status_filter: Tables = "$default_delivery_status_filter", since "3.0";
    /// Master pause before forking a failing service.
    service_throttle_time: Time = "60s", at_least 1;
    /// Set to `yes` by master -o when all processes busy.
    stress: Text = "", since "2.5";
    /// Limit for sending a trigger.
    trigger_timeout: Time = "10s", at_least 1;
}
