//! The PROXY protocol, version 2: what a proxy says of a connection before it
//! passes on the first byte (haproxy's doc/proxy-protocol.txt, section 2.2).

use std::io;
use std::net::IpAddr;

use thiserror::Error;
use tokio::net::TcpStream;

/// What each header begins with.
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";

/// The signature, the version and command, the family, and the length.
const FIXED: usize = 16;

/// The longest that may follow, in bytes: addresses, and what proxies add to
/// them (certificates' names, for instance).
const REST_MAX: usize = 4 << 10;

/// Who a connection is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The proxy's own, a health check mostly.
    Itself,
    /// Somebody's.
    Of(IpAddr),
    /// Somebody's whose address isn't told, or isn't one of TCP.
    Unknown,
}

/// Why a connection isn't served.
#[derive(Debug, Error)]
pub(super) enum ReadError {
    #[error("it came from outside of --trusted-proxy, and --proxy-protocol takes none of those")]
    Untrusted,
    #[error("the PROXY protocol was spoken in version 1: set the proxy to send version 2")]
    Version1,
    #[error(
        "it didn't begin with a PROXY protocol header of version 2: set the proxy to send one, or \
         leave out --proxy-protocol"
    )]
    Missing,
    #[error("its PROXY protocol header is broken, or longer than {REST_MAX} bytes")]
    Broken,
    #[error("it ended before its PROXY protocol header did")]
    Gone(#[from] io::Error),
}

/// Reads a header, and not a byte of what follows it.
///
/// # Errors
/// When there is no good one.
pub(super) async fn read(stream: &TcpStream) -> Result<Source, ReadError> {
    let mut fixed = [0; FIXED];
    let mut at = 0;
    while at < FIXED {
        at += take(stream, &mut fixed[at..]).await?;
        // Who speaks something else waits for an answer, and sends no more.
        check(&fixed[..at])?;
    }
    let mut rest = vec![0; length(&fixed)?];
    let mut at = 0;
    while at < rest.len() {
        at += take(stream, &mut rest[at..]).await?;
    }
    source(&fixed, &rest)
}

/// Takes some bytes, as many as fit at the most.
async fn take(stream: &TcpStream, to: &mut [u8]) -> io::Result<usize> {
    loop {
        stream.readable().await?;
        match stream.try_read(to) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
            read => return read,
        }
    }
}

/// Whether it can still become a header.
fn check(begun: &[u8]) -> Result<(), ReadError> {
    const VERSION_1: &[u8] = b"PROXY ";
    let common = begun.len().min(SIGNATURE.len());
    if begun[..common] == SIGNATURE[..common] {
        return Ok(());
    }
    let common = begun.len().min(VERSION_1.len());
    match begun[..common] == VERSION_1[..common] {
        true if common < VERSION_1.len() => Ok(()),
        true => Err(ReadError::Version1),
        false => Err(ReadError::Missing),
    }
}

fn length(fixed: &[u8; FIXED]) -> Result<usize, ReadError> {
    let length = usize::from(u16::from_be_bytes([fixed[14], fixed[15]]));
    match fixed[12] >> 4 == 2 && length <= REST_MAX {
        true => Ok(length),
        false => Err(ReadError::Broken),
    }
}

fn source(fixed: &[u8; FIXED], rest: &[u8]) -> Result<Source, ReadError> {
    match (fixed[12] & 0xf, fixed[13]) {
        (0, _) => return Ok(Source::Itself),
        (1, 0x11) => rest.first_chunk::<4>().filter(|_| rest.len() >= 12).map(|v4| (*v4).into()),
        (1, 0x21) => rest.first_chunk::<16>().filter(|_| rest.len() >= 36).map(|v6| (*v6).into()),
        (1, _) => return Ok(Source::Unknown),
        _ => None,
    }
    .map(Source::Of)
    .ok_or(ReadError::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// What is read of these bytes, and what is left after that.
    fn read_of(bytes: Vec<u8>) -> (Result<Source, String>, Vec<u8>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            let (mut stream, _) = listener.accept().await.unwrap();
            client.write_all(&bytes).await.unwrap();
            client.shutdown().await.unwrap();
            let read = read(&stream).await.map_err(|error| error.to_string());
            let mut left = Vec::new();
            stream.read_to_end(&mut left).await.unwrap();
            (read, left)
        })
    }

    fn header(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [&SIGNATURE[..], &[command, family], &length, rest].concat()
    }

    #[test]
    fn a_header_is_read_and_nothing_beyond_it() {
        let v4 = [192, 0, 2, 1, 198, 51, 100, 1, 0x10, 0, 0, 80];
        let v6: Vec<u8> = (0..36).collect();
        let tlv = [&v4[..], &[4; 500]].concat();
        for (header, expected) in [
            (header(0x21, 0x11, &v4), Source::Of([192, 0, 2, 1].into())),
            (header(0x21, 0x11, &tlv), Source::Of([192, 0, 2, 1].into())),
            (
                header(0x21, 0x21, &v6),
                Source::Of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].into()),
            ),
            (header(0x20, 0, &[]), Source::Itself),
            (header(0x20, 0x11, &v4), Source::Itself),
            (header(0x21, 0, &[]), Source::Unknown),
            (header(0x21, 0x31, &[0; 216]), Source::Unknown),
        ] {
            let bytes = [&header[..], b"GET / HTTP/1.1"].concat();
            assert_eq!(read_of(bytes), (Ok(expected), b"GET / HTTP/1.1".to_vec()));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (bytes, expected) in [
            (b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n".to_vec(), "version 1"),
            (b"PROXY UNKNOWN\r\n".to_vec(), "version 1"),
            (b"GET / HTTP/1.1\r\n\r\n".to_vec(), "leave out --proxy-protocol"),
            (b"PRI".to_vec(), "leave out --proxy-protocol"),
            (b"PRO".to_vec(), "ended before"),
            (SIGNATURE.to_vec(), "ended before"),
            (header(0x11, 0x11, &[0; 12]), "broken"),
            (header(0x22, 0x11, &[0; 12]), "broken"),
            (header(0x21, 0x11, &[0; 11]), "broken"),
            (header(0x21, 0x21, &[0; 35]), "broken"),
            (header(0x21, 0x11, &[0; REST_MAX + 1]), "longer"),
        ] {
            let error = read_of(bytes.clone()).0.unwrap_err();
            assert!(error.contains(expected), "{error}: {bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(
            fixed in any::<[u8; FIXED]>(),
            rest in prop::collection::vec(any::<u8>(), 0..50),
        ) {
            let _ = check(&rest);
            let _ = length(&fixed);
            let _ = source(&fixed, &rest);
        }
    }
}
