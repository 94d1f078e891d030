// SPDX-License-Identifier: MIT OR Apache-2.0
//! What postalias reads from main.cf.

config::select! {
    /// The parameters of postalias.
    pub(crate) struct Params {
        default_database_type,
        smtputf8_enable,
        logging: Logging,
    }
}

config::select! {
    /// Where to log.
    pub(crate) struct Logging {
        maillog_file,
        myhostname,
        postlog_service_name,
        queue_directory,
        syslog_facility,
        syslog_name,
    }
}
