//! What one run found out.

use std::time::Duration;

use serde_json::Value;

use super::sample::Over;

/// What the load told, and what was seen besides.
#[derive(Clone, Debug, Default)]
pub(super) struct Report {
    /// The JSON of chat-load, or of another driver; null where none ran.
    told: Value,
    /// From the server's start until it took a connection.
    pub(super) start: Option<Duration>,
    /// The size of the server's program.
    pub(super) binary_bytes: Option<u64>,
    /// How busy the busiest core was during the run, from 0 to 1.
    pub(super) busiest_core: Option<f64>,
}

impl Report {
    /// What a driver found.
    pub(super) fn of(told: Value) -> Self {
        Self { told, ..Self::default() }
    }

    /// Reads what the load wrote.
    ///
    /// # Errors
    ///
    /// A sentence, where that is no JSON object.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        match serde_json::from_str(text) {
            Ok(told @ Value::Object(_)) => Ok(Self::of(told)),
            Ok(other) => Err(format!("the load told no object but `{other}`")),
            Err(error) => Err(format!("the load told no JSON: {error}")),
        }
    }

    pub(super) fn cpu_us_per_delivery(&self) -> Option<f64> {
        self.number("/cpu_us_per_delivery")
    }

    /// Cores' worth of time that the whole server took.
    pub(super) fn cpu_share(&self) -> Option<f64> {
        self.number("/cpu_share")
    }

    pub(super) fn deliveries_per_s(&self) -> Option<f64> {
        self.number("/deliveries_per_s")
    }

    /// How much of the rate that was asked for did not come, in per cent: a
    /// server that is behind joins more into one write than one that is not.
    pub(super) fn behind_percent(&self) -> Option<f64> {
        let rooms = self.number("/rate")? * self.number("/rooms")?;
        let kept = self.deliveries_per_s()?.over(rooms * self.number("/members")?)?;
        Some((1.0 - kept).max(0.0) * 100.0)
    }

    pub(super) fn p50_us(&self) -> Option<f64> {
        self.number("/latency_us/p50")
    }

    pub(super) fn p99_us(&self) -> Option<f64> {
        self.number("/latency_us/p99")
    }

    /// The small room's, before the large one was there.
    pub(super) fn alone_p99_us(&self) -> Option<f64> {
        self.number("/alone/latency_us/p99")
    }

    /// By how much the server grew after all were connected, in millions of bytes.
    pub(super) fn growth_mb(&self) -> Option<f64> {
        let kib = self.number("/rss_kib/peak")? - self.number("/rss_kib/connected")?;
        Some(kib * 1024.0 / 1e6)
    }

    /// The server's size when what is measured began, in MiB.
    pub(super) fn began_mib(&self) -> Option<f64> {
        Some(self.number("/rss_kib/began")? / 1024.0)
    }

    /// The same when it ended.
    pub(super) fn ended_mib(&self) -> Option<f64> {
        Some(self.number("/rss_kib/ended")? / 1024.0)
    }

    /// What an idle connection costs, in the worst round.
    pub(super) fn idle_kib(&self) -> Option<f64> {
        let rounds = self.list("rounds")?;
        let each = rounds.iter().map(|round| round["bytes_per_connection"].as_f64());
        let worst = each.reduce(|a, b| Some(a?.max(b?)))??;
        Some(worst / 1024.0)
    }

    /// The server's size with all connected, in the second round.
    pub(super) fn second_connected_mib(&self) -> Option<f64> {
        Some(self.list("rounds")?.get(1)?["connected_kib"].as_f64()? / 1024.0)
    }

    /// The same in the last round.
    pub(super) fn last_connected_mib(&self) -> Option<f64> {
        Some(self.list("rounds")?.last()?["connected_kib"].as_f64()? / 1024.0)
    }

    /// How long the n-th step of a mass join took, counted from 1.
    pub(super) fn step_seconds(&self, n: usize) -> Option<f64> {
        self.list("steps")?.get(n.checked_sub(1)?)?["seconds"].as_f64()
    }

    /// How long the page was busy at a stretch.
    pub(super) fn longest_task_ms(&self) -> Option<f64> {
        self.number("/longest_task_ms")
    }

    /// How long the page drew no frame.
    pub(super) fn longest_gap_ms(&self) -> Option<f64> {
        self.number("/longest_gap_ms")
    }

    /// How many nodes of DOM the page holds in the end.
    pub(super) fn nodes(&self) -> Option<f64> {
        self.number("/nodes")
    }

    /// What the page's scripts hold in the end.
    pub(super) fn heap_mib(&self) -> Option<f64> {
        Some(self.number("/heap_bytes")? / f64::from(1 << 20))
    }

    /// How fast lines came through a room, in millions of bytes.
    pub(super) fn mb_per_s(&self) -> Option<f64> {
        self.number("/mb_per_s")
    }

    /// The most memory that who sent them held.
    pub(super) fn send_peak_mib(&self) -> Option<f64> {
        Some(self.number("/send_peak_kib")? / 1024.0)
    }

    /// The same of who received them.
    pub(super) fn tail_peak_mib(&self) -> Option<f64> {
        Some(self.number("/tail_peak_kib")? / 1024.0)
    }

    /// How much all received in the n-th step of a mass join.
    pub(super) fn step_mb(&self, n: usize) -> Option<f64> {
        Some(self.list("steps")?.get(n.checked_sub(1)?)?["bytes"].as_f64()? / 1e6)
    }

    pub(super) fn start_ms(&self) -> Option<f64> {
        Some(self.start?.as_secs_f64() * 1e3)
    }

    pub(super) fn binary_mib(&self) -> Option<f64> {
        Some(self.binary_bytes? as f64 / f64::from(1 << 20))
    }

    pub(super) fn busiest_core_percent(&self) -> Option<f64> {
        Some(self.busiest_core? * 100.0)
    }

    /// What went missing and the like, as words; `None` where nothing did.
    pub(super) fn losses(&self) -> Option<String> {
        self.counted(&["missing", "doubled", "out_of_order"])
    }

    /// How many connections were closed, as words; who never reads may be.
    pub(super) fn closed(&self) -> Option<String> {
        self.counted(&["closed"])
    }

    /// What there is of these, as words.
    fn counted(&self, names: &[&str]) -> Option<String> {
        let words: Vec<String> = names
            .iter()
            .filter_map(|name| Some((name, self.told[*name].as_u64().filter(|n| *n > 0)?)))
            .map(|(name, n)| format!("{n} {}", name.replace('_', " ")))
            .collect();
        (!words.is_empty()).then(|| words.join(", "))
    }

    fn number(&self, pointer: &str) -> Option<f64> {
        self.told.pointer(pointer)?.as_f64()
    }

    fn list(&self, name: &str) -> Option<&Vec<Value>> {
        self.told[name].as_array()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_under_load_is_read() {
        let report = Report::read(include_str!("recorded/fanout.json")).unwrap();
        assert_eq!(report.cpu_us_per_delivery(), Some(0.142));
        assert_eq!(report.cpu_share(), Some(0.97));
        assert_eq!(report.deliveries_per_s(), Some(6_830_000.5));
        assert_eq!((report.p50_us(), report.p99_us()), (Some(100.0), Some(200.0)));
        assert_eq!(report.growth_mb(), Some(2.048));
        assert_eq!((report.began_mib(), report.ended_mib()), (Some(7.8125), Some(8.0)));
        assert_eq!(report.losses(), None);
        assert_eq!(report.alone_p99_us(), None);
        assert_eq!(report.behind_percent(), None);
        assert_eq!(report.idle_kib(), None);
    }

    #[test]
    fn a_small_room_beside_a_large_one_is_read() {
        let report = Report::read(include_str!("recorded/mixed.json")).unwrap();
        assert_eq!((report.alone_p99_us(), report.p99_us()), (Some(410.0), Some(1900.0)));
    }

    #[test]
    fn idle_connections_are_read_at_their_worst() {
        let report = Report::read(include_str!("recorded/idle.json")).unwrap();
        assert_eq!(report.idle_kib(), Some(2.0));
        assert_eq!(report.second_connected_mib(), Some(24.5));
        assert_eq!(report.last_connected_mib(), Some(25.0));
    }

    #[test]
    fn the_steps_of_a_mass_join_are_read() {
        let report = Report::read(include_str!("recorded/join.json")).unwrap();
        assert_eq!((report.step_seconds(2), report.step_mb(2)), (Some(0.25), Some(2.5)));
        assert_eq!((report.step_seconds(0), report.step_mb(6)), (None, None));
    }

    #[test]
    fn a_burst_into_the_page_is_read() {
        let report = Report::read(include_str!("recorded/page.json")).unwrap();
        assert_eq!((report.longest_task_ms(), report.longest_gap_ms()), (Some(62.0), Some(83.4)));
        assert_eq!((report.nodes(), report.heap_mib()), (Some(5120.0), Some(8.0)));
        assert!((report.behind_percent().unwrap() - 2.0).abs() < 1e-9);
        assert_eq!(report.losses(), None);
    }

    #[test]
    fn a_pipe_is_read() {
        let text = r#"{"mb_per_s":2.5,"send_peak_kib":10240,"tail_peak_kib":null}"#;
        let report = Report::read(text).unwrap();
        assert_eq!((report.mb_per_s(), report.send_peak_mib()), (Some(2.5), Some(10.0)));
        assert_eq!(report.tail_peak_mib(), None);
    }

    #[test]
    fn a_load_that_falls_behind_its_rate_is_seen() {
        let behind = |deliveries: u32| {
            let text =
                format!(r#"{{"rate":10,"rooms":2,"members":50,"deliveries_per_s":{deliveries}}}"#);
            Report::read(&text).unwrap().behind_percent()
        };
        assert_eq!([behind(750), behind(1010)], [Some(25.0), Some(0.0)]);
    }

    #[test]
    fn what_went_missing_is_said() {
        let report = Report::read(r#"{"missing":3,"doubled":0,"out_of_order":1}"#).unwrap();
        assert_eq!(report.losses().as_deref(), Some("3 missing, 1 out of order"));
        assert_eq!(report.closed(), None);
        assert_eq!(Report::read(r#"{"closed":2}"#).unwrap().closed().as_deref(), Some("2 closed"));
    }

    #[test]
    fn what_is_null_is_unknown() {
        let report = Report::read(r#"{"cpu_us_per_delivery":null}"#).unwrap();
        assert_eq!(report.cpu_us_per_delivery(), None);
        assert!(Report::read("").unwrap_err().contains("no JSON"));
        assert!(Report::read("[]").unwrap_err().contains("no object"));
    }
}
