//! Frames: whatever is decoded is encoded so that it decodes to the same.
#![no_main]

use chat_proto::{ClientFrame, ServerFrame};
use libfuzzer_sys::fuzz_target;

const MAX: usize = 64 << 10;

fuzz_target!(|text: &str| {
    if let Ok(frame) = ClientFrame::decode(text, MAX) {
        assert_eq!(ClientFrame::decode(&frame.encode(), usize::MAX), Ok(frame));
    }
    if let Ok(frame) = ServerFrame::decode(text, MAX) {
        assert_eq!(ServerFrame::decode(&frame.encode(), usize::MAX), Ok(frame));
    }
});
