//! Prometheus metrics: of the service at `/metrics`, of its machine at `/metrics/system`.

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::payload::PlainText;

use super::watcher::Watcher;
use crate::app::App;
use crate::error::ApiError;
use crate::guard::Tag;

/// The operations of this file.
pub fn api(app: &Arc<App>) -> impl OpenApi + use<> {
    MetricsApi { app: Arc::clone(app) }
}

struct MetricsApi {
    app: Arc<App>,
}

#[OpenApi(tag = "Tag::Operations")]
impl MetricsApi {
    /// Metrics of the service
    ///
    /// Requests, limits, transactions and pools as Prometheus text. For callers on the same machine, or
    /// with the operator's token as `Authorization: Bearer`.
    #[oai(path = "/metrics", method = "get", operation_id = "metrics_get")]
    async fn service(&self, watcher: Watcher) -> Result<PlainText<String>, ApiError> {
        watcher.enter(&self.app)?;
        let (open, idle) = self.app.db.load();
        metrics::gauge!("database_connections", "state" => "open").set(f64::from(open));
        metrics::gauge!("database_connections", "state" => "idle").set(u32::try_from(idle).map_or(0.0, f64::from));
        self.app.metrics.run_upkeep();
        Ok(PlainText(self.app.metrics.render()))
    }

    /// Metrics of the machine
    ///
    /// Load, memory and disk of the machine that answers, as Prometheus text. For callers on the same
    /// machine, or with the operator's token as `Authorization: Bearer`.
    #[oai(path = "/metrics/system", method = "get", operation_id = "metrics_system")]
    async fn system(&self, watcher: Watcher) -> Result<PlainText<String>, ApiError> {
        watcher.enter(&self.app)?;
        Ok(PlainText(system().await))
    }
}

/// Read from /proc; a machine without it answers with what it has, which is nothing.
async fn system() -> String {
    let mut text = String::new();
    if let Ok(load) = tokio::fs::read_to_string("/proc/loadavg").await {
        for (name, value) in ["system_load1", "system_load5", "system_load15"].iter().zip(load.split_whitespace()) {
            gauge(&mut text, name, value);
        }
    }
    if let Ok(memory) = tokio::fs::read_to_string("/proc/meminfo").await {
        for (wanted, name) in
            [("MemTotal:", "system_memory_total_bytes"), ("MemAvailable:", "system_memory_available_bytes")]
        {
            let kib = memory
                .lines()
                .find_map(|line| line.strip_prefix(wanted)?.split_whitespace().next()?.parse::<u64>().ok());
            if let Some(kib) = kib {
                gauge(&mut text, name, &(kib * 1024).to_string());
            }
        }
    }
    if let Ok(own) = tokio::fs::read_to_string("/proc/self/status").await {
        let kib =
            own.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<u64>().ok());
        if let Some(kib) = kib {
            gauge(&mut text, "process_resident_memory_bytes", &(kib * 1024).to_string());
        }
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    gauge(&mut text, "system_cpu_cores", &cores.to_string());
    text
}

fn gauge(text: &mut String, name: &str, value: &str) {
    text.push_str(&format!("# TYPE {name} gauge\n{name} {value}\n"));
}
