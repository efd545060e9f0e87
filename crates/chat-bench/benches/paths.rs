//! How long each hot path takes: `cargo bench -p chat-bench`.

use std::time::{Duration, Instant};

use chat_bench::{HotPath, PATHS};
use criterion::{Criterion, criterion_group, criterion_main};

fn paths(criterion: &mut Criterion) {
    for path in PATHS {
        criterion.bench_function(path.name, |bencher| bencher.iter_custom(|n| time(&path, n)));
    }
}

/// The time of `n` operations, without that of making the path ready as often
/// as it takes.
fn time(path: &HotPath, n: u64) -> Duration {
    let (mut left, mut time) = (n, Duration::ZERO);
    while left > 0 {
        let mut operation = match (path.ready)() {
            Ok(operation) => operation,
            Err(error) => panic!("{} can't begin: {error}", path.name),
        };
        let now = left.min(path.lasts);
        let start = Instant::now();
        let good = (0..now).all(|_| operation());
        time += start.elapsed();
        assert!(good, "{} went wrong", path.name);
        left -= now;
    }
    time
}

criterion_group!(benches, paths);
criterion_main!(benches);
