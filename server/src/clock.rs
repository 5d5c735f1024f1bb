//! The clock, passed in everywhere. Builds for tests may set it; what is installed cannot.

/// How far this program's time is from the machine's, in milliseconds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Clock {
    offset: i64,
}

impl Clock {
    /// `JIGAI_CLOCK=2021-07-03T09:00:00+08:00` is the time at the start, in debug builds only.
    pub(crate) fn from_environment() -> Self {
        let machine = chrono::Utc::now().timestamp_millis();
        let wanted = if cfg!(debug_assertions) { std::env::var("JIGAI_CLOCK").ok() } else { None };
        let set = wanted.and_then(|text| chrono::DateTime::parse_from_rfc3339(&text).ok());
        Self { offset: set.map_or(0, |at| at.timestamp_millis() - machine) }
    }

    /// UTC milliseconds.
    pub(crate) fn now(self) -> i64 {
        chrono::Utc::now().timestamp_millis() + self.offset
    }
}
