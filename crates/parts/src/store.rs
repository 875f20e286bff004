//! The replicated state machine: a key-value store that carries out each client's command once (section 8).

use serde::Serialize;
use sim::history::{Call, Value};
use sim::{Map, NodeId, Text, t};

/// What a client wants done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Command {
    Put {
        key: Value,
        value: Value,
    },
    Get {
        key: Value,
    },
    /// Put `to` if the value is `from`.
    CompareAndSet {
        key: Value,
        from: Value,
        to: Value,
    },
    Delete {
        key: Value,
    },
}

impl Command {
    /// The key it is about.
    pub fn key(&self) -> &Value {
        match self {
            Command::Put { key, .. }
            | Command::Get { key }
            | Command::CompareAndSet { key, .. }
            | Command::Delete { key } => key,
        }
    }

    /// How the history of operations names it.
    pub fn call(&self) -> Call {
        match self.clone() {
            Command::Put { value, .. } => Call::Put(value),
            Command::Get { .. } => Call::Get,
            Command::CompareAndSet { from, to, .. } => Call::Cas { from, to },
            Command::Delete { .. } => Call::Delete,
        }
    }

    /// The command in a few characters.
    pub fn text(&self) -> Text {
        match self {
            Command::Put { key, value } => t!("{key}={value}", key = key.to_string(), value = value.to_string()),
            Command::Get { key } => t!("get {key}", key = key.to_string()),
            Command::CompareAndSet { key, from, to } => {
                t!("{key}: {from}→{to}", key = key.to_string(), from = from.to_string(), to = to.to_string())
            }
            Command::Delete { key } => t!("delete {key}", key = key.to_string()),
        }
    }
}

/// One life of a client: a client that crashed comes back as a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ClientId {
    pub node: NodeId,
    pub life: u64,
}

/// A command with the client that wants it and the serial number that the client gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    pub client: ClientId,
    pub serial: u64,
    pub command: Command,
}

/// The values of all keys, and each client's last command with its result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Store {
    values: Map<Value, Value>,
    sessions: Map<ClientId, (u64, Value)>,
}

impl Store {
    /// The value of a key.
    pub fn value(&self, key: &Value) -> Value {
        self.values.get(key).cloned().unwrap_or_default()
    }

    /// All keys that have a value.
    pub fn values(&self) -> impl Iterator<Item = (&Value, &Value)> {
        self.values.iter()
    }

    /// The same values, without what is known of clients: their commands would be carried out again.
    #[must_use]
    pub fn without_sessions(&self) -> Store {
        Store { values: self.values.clone(), sessions: Map::default() }
    }

    /// The result of this very command, if it was carried out before.
    pub fn result_of(&self, request: &Request) -> Option<&Value> {
        self.sessions.get(&request.client).filter(|(serial, _)| *serial == request.serial).map(|(_, result)| result)
    }

    /// Whether this command was carried out before, or a later one of the same client.
    pub fn has_done(&self, request: &Request) -> bool {
        self.sessions.get(&request.client).is_some_and(|(serial, _)| *serial >= request.serial)
    }

    /// Carries out a command and returns its result. With `once`, a command that was carried out before is not again.
    pub fn apply(&mut self, request: &Request, once: bool) -> Value {
        if once {
            match self.sessions.get(&request.client) {
                Some((serial, result)) if *serial == request.serial => return result.clone(),
                // The client has moved on: it has the result of this one, and waits for nothing.
                Some((serial, _)) if *serial > request.serial => return Value::Nil,
                _ => {}
            }
        }
        let result = self.carry_out(&request.command);
        self.sessions.insert(request.client, (request.serial, result.clone()));
        result
    }

    fn carry_out(&mut self, command: &Command) -> Value {
        match command {
            Command::Get { key } => return self.value(key),
            Command::Put { key, value } => self.set(key, value),
            Command::Delete { key } => self.set(key, &Value::Nil),
            Command::CompareAndSet { key, from, to } => {
                let matches = self.value(key) == *from;
                if matches {
                    self.set(key, to);
                }
                return Value::Bool(matches);
            }
        }
        Value::Nil
    }

    fn set(&mut self, key: &Value, value: &Value) {
        if *value == Value::Nil {
            self.values.remove(key);
        } else {
            self.values.insert(key.clone(), value.clone());
        }
    }
}
