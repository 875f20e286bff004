//! A small web server for a folder, on this machine only.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::process::announce;
use crate::wasm::Profile;
use crate::{site, watch};

/// Browsers open several connections at once, and a page that nobody sees may be slow to take what it asked for.
const THREADS: usize = 16;

/// Builds the app, serves it, and builds it again whenever a source file changes.
pub fn serve(profile: Profile, port: u16) -> Result<()> {
    let listener = listen(port)?;
    let sources = watch::Sources::now();
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
    let server = Server::from_listener(listener, None)
        .map_err(|problem| anyhow!("the web server could not start: {problem}"))?;
    let server = Arc::new(server);
    for _ in 0..THREADS {
        let server = Arc::clone(&server);
        let folder = folder.clone();
        thread::spawn(move || {
            for request in server.incoming_requests() {
                answer(request, &folder);
            }
        });
    }
    Ok(address)
}

fn answer(request: Request, folder: &Path) {
    // A visitor who went away in the middle of an answer is no problem of the server's.
    let _ = match request.method() {
        Method::Get | Method::Head => match open(folder, request.url()) {
            Some((file, kind)) => request.respond(with_headers(Response::from_file(file), kind)),
            None => request.respond(Response::from_string("Not found").with_status_code(404)),
        },
        _ => request.respond(Response::from_string("Only GET and HEAD").with_status_code(405)),
    };
}

fn with_headers(response: Response<File>, kind: &str) -> Response<File> {
    let response = response.with_header(header("Content-Type", kind)).with_header(header("Cache-Control", "no-store"));
    // A frame with the attribute sandbox="allow-scripts" has no origin, and loads modules only where all may.
    response.with_header(header("Access-Control-Allow-Origin", "*"))
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("the server's own headers are plain ASCII")
}

fn open(folder: &Path, url: &str) -> Option<(File, &'static str)> {
    let mut path = folder.join(relative(url)?);
    if path.is_dir() {
        path.push("index.html");
    }
    // What a link points at must not lead out of the folder either.
    let inside = fs::canonicalize(&path).ok()?.starts_with(fs::canonicalize(folder).ok()?);
    if !inside {
        return None;
    }
    let kind = kind(&path);
    Some((File::open(path).ok()?, kind))
}

/// The path inside the folder that an address asks for; none if it tries to leave the folder.
fn relative(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?;
    let names = path.split('/').filter(|name| !name.is_empty());
    let mut relative = PathBuf::new();
    for name in names {
        if name.starts_with('.') || name.contains(['\\', ':', '%']) {
            return None;
        }
        relative.push(name);
    }
    Some(relative)
}

/// Browsers start a WebAssembly module while it loads only if the server names its type.
fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("md" | "po" | "txt") => "text/plain; charset=utf-8",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_file_in_the_folder() {
        assert_eq!(relative("/"), Some(PathBuf::new()));
        assert_eq!(relative("/static/style.css?v=1"), Some(PathBuf::from("static/style.css")));
    }

    #[test]
    fn no_address_leaves_the_folder() {
        assert_eq!(relative("/../Cargo.toml"), None);
        assert_eq!(relative("/static/../../Cargo.toml"), None);
        assert_eq!(relative("/%2e%2e/Cargo.toml"), None);
        assert_eq!(relative("/.git/config"), None);
    }

    #[test]
    fn a_taken_port_is_said_in_a_sentence() {
        let taken = listen(0).unwrap();
        let port = taken.local_addr().unwrap().port();
        let problem = listen(port).unwrap_err().to_string();
        assert!(problem.contains("is not free"), "{problem}");
    }
}
