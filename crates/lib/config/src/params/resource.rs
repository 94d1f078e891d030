// SPDX-License-Identifier: MIT OR Apache-2.0
//! Limits of processes, memory, time and internal conversations.

use crate::table::parameters;

parameters! {
    /// The time over which anvil(8) counts all client rates.
    ///
    /// Every rate limit of smtpd(8)'s clients is a number of events in this time.
    anvil_rate_time_unit: Time = "60s", at_least 1, since "2.2";
    /// How often anvil(8) logs the highest counts and rates it has seen.
    anvil_status_update_time: Time = "600s", at_least 1, since "2.2";
    /// How long postkick(1) waits for a service to take its request.
    application_event_drain_time: Time = "100s", at_least 1, since "2.1";
    /// How long a daemon may work on one request before its watchdog ends it.
    ///
    /// It is a last resort against programs that hang. It must be longer than any
    /// `command_time_limit` or other time limit within a request.
    daemon_timeout: Time = "18000s", at_least 1;
    /// How many processes a service may have that writes `-` in the maxproc column of `master.cf`.
    ///
    /// It limits how many SMTP clients are served and how many deliveries run at once. See `stress`
    /// for what happens when smtpd(8) reaches it. After a change reload the system.
    default_process_limit: Int = "100", at_least 1;
    /// How many addresses the filters of duplicate recipients remember; 0 means no limit.
    ///
    /// They are used by alias expansion in local(8) and cleanup(8), by bounce logs and by the queue
    /// listing. Beyond the limit, duplicates are delivered.
    duplicate_filter_limit: Int = "1000";
    /// How often to try to start a process or command before giving up.
    fork_attempts: Int = "5", at_least 1;
    /// The pause between attempts to start a process.
    fork_delay: Time = "1s", at_least 1;
    /// How many address tokens of one message header are looked at.
    ///
    /// The rest of such a header is dropped. It keeps a hostile header from costing time.
    header_address_token_limit: Int = "10240", at_least 1;
    /// How many `Received:` headers a message may have.
    ///
    /// One more and the message is taken for a loop and refused, `554 5.4.0 Error: too many hops`.
    hopcount_limit: Int = "50", at_least 1;
    /// How long cleanup(8) holds up each new message while mail comes in faster than it goes out.
    ///
    /// qmgr(8) hands out a token for each message it takes from the incoming queue, and who finds
    /// none waits this long. It slows down clients that use few connections, and gives delivery its
    /// share of the disk. 0 switches the mechanism off.
    in_flow_delay: Time = "1s", at_most 10;
    /// How long a client keeps an idle internal connection to another program.
    ///
    /// A short time frees processes of services that few mails need; reconnecting costs little.
    ipc_idle: Time = "5s", at_least 1;
    /// The time limit of each read and write on internal connections.
    ///
    /// Whoever waits longer takes the other program for dead, gives up and tries again later. It
    /// guards against deadlock between programs.
    ipc_timeout: Time = "3600s", at_least 1;
    /// How long a client uses an internal connection before it makes a new one.
    ///
    /// It lets configuration changes of long-lived services through, and spreads the work over
    /// processes.
    ipc_ttl: Time = "1000s", at_least 1, since "2.1";
    /// The length up to which lines of input are kept in one piece.
    ///
    /// Longer lines are stored in pieces of this size, and come out whole; header lines and SMTP
    /// commands are cut. Memory for a line is bounded by it.
    line_length_limit: Int = "2048", at_least 512;
    /// Services that master(8) does not offer, though `master.cf` has them.
    ///
    /// Elements are a type (`inet`, `unix`, `unix-dgram`, `fifo`, `pass`) or a name and a type; the
    /// old form `name.type` works too. `!` turns a match around.
    ///
    /// ```text
    /// # no service that listens on a network
    /// master_service_disable = inet
    /// # only one of them
    /// master_service_disable = submission/inet
    /// ```
    master_service_disable: List = "", since "2.6";
    /// How long a daemon that has nothing to do waits for work before it ends.
    ///
    /// Those that must always run, such as qmgr(8), ignore it.
    max_idle: Time = "100s", at_least 1;
    /// How many clients a daemon process serves before it ends and another takes its place.
    max_use: Int = "100", at_least 1;
    /// The `default_delivery_status_filter` of pipe(8).
    pipe_delivery_status_filter: Tables = "$default_delivery_status_filter", since "3.0";
    /// How long master(8) waits before it starts a service again whose process ended with an error.
    ///
    /// The log says `bad command startup -- throttling`; repair what the lines before it tell, then
    /// reload.
    service_throttle_time: Time = "60s", at_least 1;
    /// Whether a service is short of processes.
    ///
    /// master(8) sets it to `yes` on the command line of services whose processes are all busy, and
    /// leaves it empty otherwise; nobody sets it in `main.cf` except to test. Defaults of time
    /// limits and error limits of smtpd(8) depend on it, so that a flood of slow clients is cut
    /// short:
    ///
    /// ```text
    /// smtpd_timeout = ${stress?{10}:{300}}s
    /// ```
    stress: Text = "", since "2.5";
    /// How long to try to wake another service.
    ///
    /// A service that cannot be woken finds the work at its next round.
    trigger_timeout: Time = "10s", at_least 1;
}
