//! Figures as Prometheus reads them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use metrics::{Histogram, Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use tokio::time::sleep;

use super::table::{ALL, BUCKETS, Kind, Metric};

/// How often what the histograms were given is added up. Until then each of
/// their values takes memory.
const UPKEEP: Duration = Duration::from_secs(1);

/// Where the crates of metrics want to know who speaks. Nothing is made of it.
const SPEAKER: Metadata<'static> = Metadata::new("chat_server", Level::INFO, None);

/// What is told, and its text.
pub(crate) struct Sheet {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Sheet {
    /// One on which everything has its description.
    ///
    /// # Errors
    /// When the exporter doesn't take our buckets.
    pub(crate) fn new() -> io::Result<Self> {
        let mut builder = PrometheusBuilder::new();
        for metric in ALL.iter().filter(|metric| metric.kind == Kind::Histogram) {
            builder = builder
                .set_buckets_for_metric(Matcher::Full(metric.name.into()), &BUCKETS)
                .map_err(io::Error::other)?;
        }
        let recorder = builder.build_recorder();
        for Metric { name, kind, help } in ALL {
            let (name, help) = ((*name).into(), (*help).into());
            match kind {
                Kind::Counter => recorder.describe_counter(name, None, help),
                Kind::Gauge => recorder.describe_gauge(name, None, help),
                Kind::Histogram => recorder.describe_histogram(name, None, help),
            }
        }
        let handle = recorder.handle();
        Ok(Self { recorder, handle })
    }

    /// A histogram to be given values at any time.
    pub(super) fn histogram(&self, metric: &Metric) -> Histogram {
        self.recorder.register_histogram(&Key::from_static_name(metric.name), &SPEAKER)
    }

    /// Says how often something has happened.
    pub(super) fn count(&self, metric: &Metric, labels: Vec<Label>, count: u64) {
        let key = Key::from_parts(metric.name, labels);
        self.recorder.register_counter(&key, &SPEAKER).absolute(count);
    }

    /// Says how much there is of something.
    pub(super) fn level(&self, metric: &Metric, labels: Vec<Label>, level: f64) {
        let key = Key::from_parts(metric.name, labels);
        self.recorder.register_gauge(&key, &SPEAKER).set(level);
    }

    /// All of it as text.
    pub(super) fn text(&self) -> String {
        self.handle.render()
    }
}

/// Adds up what the histograms were given, until it is aborted.
pub(crate) async fn keep(sheet: Arc<Sheet>) {
    loop {
        sleep(UPKEEP).await;
        sheet.handle.run_upkeep();
    }
}
