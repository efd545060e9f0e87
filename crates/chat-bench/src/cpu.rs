//! What the processor can do, as far as code is chosen by it while it runs.

/// Those of the features there are here that libraries look for: the ciphers,
/// the hashes, the search in strings and C's copying. Two machines that name the
/// same run the same instructions.
#[must_use]
pub fn features() -> Vec<&'static str> {
    detected().into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
}

#[cfg(target_arch = "x86_64")]
fn detected() -> Vec<(&'static str, bool)> {
    macro_rules! each {
        ($($name:tt)*) => { vec![$(($name, std::arch::is_x86_feature_detected!($name))),*] };
    }
    each!("aes" "avx2" "avx512ifma" "avx512vl" "bmi2" "pclmulqdq" "rtm" "sha" "sse4.1" "vaes" "vpclmulqdq")
}

#[cfg(target_arch = "aarch64")]
fn detected() -> Vec<(&'static str, bool)> {
    macro_rules! each {
        ($($name:tt)*) => { vec![$(($name, std::arch::is_aarch64_feature_detected!($name))),*] };
    }
    each!("aes" "mte" "neon" "sha2" "sve")
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn detected() -> Vec<(&'static str, bool)> {
    Vec::new()
}
