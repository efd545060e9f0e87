//! A chat client as a library.
