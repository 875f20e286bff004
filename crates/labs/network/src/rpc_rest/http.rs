//! HTTP: methods, paths, and what they ask for. RFC 9110, sections 9.2 and 9.3: the method is the contract, and everybody on the way
//! may rely on it.

use serde::Serialize;
use sim::{Text, t};

use super::call::{Answer, Ask, Deed, OrderId, Origin};

/// What travels on a connection.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Letter {
    Request(Request),
    /// The answer to the request of this number.
    Response {
        to: u32,
        response: Response,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Method {
    Get,
    Put,
    Post,
    Patch,
    Delete,
}

impl Method {
    /// RFC 9110, section 9.2.1: it asks for nothing to be changed.
    pub fn is_safe(self) -> bool {
        self == Method::Get
    }

    /// RFC 9110, section 9.2.2: several are meant to have the same effect as one.
    pub fn is_idempotent(self) -> bool {
        matches!(self, Method::Get | Method::Put | Method::Delete)
    }

    pub fn word(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Put => "PUT",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Path {
    /// `/orders`
    Orders,
    /// `/orders/7`
    Order(OrderId),
    /// `/orders/7/cancel`, which is there only where cancelling is a link.
    Cancel(OrderId),
}

impl Path {
    pub fn text(self) -> Text {
        match self {
            Path::Orders => Text::verbatim("/orders"),
            Path::Order(order) => Text::verbatim(format!("/orders/{order}")),
            Path::Cancel(order) => Text::verbatim(format!("/orders/{order}/cancel")),
        }
    }
}

/// A request: all that is needed to understand it stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Request {
    pub method: Method,
    pub path: Path,
    /// RFC 9110, section 13.1.1: only if it still has this version.
    pub if_match: Option<u32>,
    /// RFC 9110, section 13.1.2: `If-None-Match: *`, only if there is none.
    pub if_none_match: bool,
    /// RFC 9111, section 5.2.1.4: past the cache.
    pub no_cache: bool,
    /// Its author.
    pub origin: Origin,
    /// Which version the author had in front of him, in truth.
    pub base: u32,
    /// How much longer than usual the front end works on it.
    pub long_us: u64,
}

impl Request {
    /// A plain request.
    pub fn new(method: Method, path: Path, origin: Origin) -> Request {
        Request { method, path, if_match: None, if_none_match: false, no_cache: false, origin, base: 0, long_us: 0 }
    }

    /// What it asks for.
    pub fn ask(&self) -> Ask {
        let deed = match (self.method, self.path) {
            (Method::Get, Path::Orders) => Deed::List,
            (Method::Get, Path::Order(order)) => Deed::Get { order },
            (Method::Put, Path::Order(order)) if self.if_none_match => Deed::Create { chosen: Some(order) },
            (Method::Put | Method::Patch, Path::Order(order)) => Deed::Change { order, if_version: self.if_match },
            (Method::Delete, Path::Order(order)) | (_, Path::Cancel(order)) => Deed::Cancel { order },
            (_, Path::Orders) | (Method::Post, Path::Order(_)) => Deed::Create { chosen: None },
        };
        let Request { origin, base, long_us, method, .. } = *self;
        Ask { deed, origin, base, is_get: method == Method::Get, long_us }
    }

    /// The first line, in short.
    pub fn word(&self) -> Text {
        t!("{method} {path}", method = self.method.word(), path = self.path.text())
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Response {
    pub answer: Answer,
    /// How old it is, where it comes out of a cache (RFC 9111, section 5.1).
    pub age_us: Option<u64>,
}

impl Response {
    /// An answer of the server itself.
    pub fn new(answer: Answer) -> Response {
        Response { answer, age_us: None }
    }

    /// Its status (RFC 9110, section 15).
    pub fn status(&self) -> u16 {
        match self.answer {
            Answer::Made { .. } => 201,
            Answer::Order { .. } | Answer::Line { .. } | Answer::Page(_) | Answer::Changed { .. } => 200,
            Answer::Cancelled { .. } => 204,
            Answer::NoSession => 403,
            Answer::NoOrder { .. } => 404,
            Answer::Conflict { .. } | Answer::Exists { .. } => 412,
            Answer::Expired | Answer::Unknown => 504,
        }
    }
}
