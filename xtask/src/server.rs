//! A small web server for a folder, on this machine only.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::thread;

use anyhow::{Context, Result};
use axum::Router;
use axum::http::{HeaderValue, header};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::process::announce;
use crate::wasm::Profile;
use crate::{site, watch};

/// Builds the app, serves it, and builds it again whenever a source file changes.
pub fn serve(profile: Profile, port: u16) -> Result<()> {
    let listener = listen(port)?;
    let sources = watch::Sources::now();
    if !site::folder(profile).is_dir() {
        announce("the first time, everything that the app stands on is compiled as well, which takes some minutes");
    }
    build(profile);
    let address = start(listener, site::folder(profile))?;
    println!("Netsplit is at {address} (Ctrl+C ends it; a changed source file is built again).");
    sources.each_change(|| build(profile));
    Ok(())
}

/// While somebody works, a mistake in the source must not end the server.
fn build(profile: Profile) {
    match site::build(profile) {
        Ok(_) => announce("built; reload the page"),
        Err(problem) => announce(&format!("not built: {problem:#}")),
    }
}

/// Takes a port; 0 takes any that is free.
pub fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!("port {port} is not free: end the program that uses it, or choose another with --port")
    })
}

/// Serves a folder in the background for as long as the program runs; gives back the address.
pub fn start(listener: TcpListener, folder: PathBuf) -> Result<String> {
    let address = format!("http://{}/", listener.local_addr()?);
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    thread::spawn(move || runtime.block_on(answer(listener, folder)).expect("the web server goes on"));
    Ok(address)
}

async fn answer(listener: TcpListener, folder: PathBuf) -> Result<()> {
    let site = Router::new()
        .fallback_service(ServeDir::new(folder))
        .layer(with(header::CACHE_CONTROL, "no-store"))
        // A frame with the attribute sandbox="allow-scripts" has no origin, and loads modules only where all may.
        .layer(with(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    axum::serve(tokio::net::TcpListener::from_std(listener)?, site).await?;
    Ok(())
}

fn with(name: header::HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;

    /// What the server answers to a request for a path in `src/`.
    fn answered(address: &str, path: &str) -> String {
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_folder_is_served_and_nothing_beside_it() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
        let address = start(listen(0).unwrap(), folder).unwrap();
        // Browsers open connections in advance, and ask for nothing on them.
        let host = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let _idle: Vec<_> = (0..50).map(|_| TcpStream::connect(&host).unwrap()).collect();

        let found = answered(&address, "/server.rs?version=1");
        assert!(found.starts_with("HTTP/1.1 200") && found.contains("A small web server"), "{found}");
        assert!(
            found.contains("access-control-allow-origin: *") && found.contains("cache-control: no-store"),
            "{found}"
        );
        for outside in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/nothing.rs"] {
            assert!(answered(&address, outside).starts_with("HTTP/1.1 404"), "{outside}");
        }
    }

    #[test]
    fn a_taken_port_is_said_in_a_sentence() {
        let taken = listen(0).unwrap();
        let port = taken.local_addr().unwrap().port();
        let problem = listen(port).unwrap_err().to_string();
        assert!(problem.contains("is not free"), "{problem}");
    }
}
