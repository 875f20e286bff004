//! What can be set before or during a run, and what has been set.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::map::Map;
use crate::base::text::Text;
use crate::base::text::{QUOTED, choices, excerpt, unit_text};
use crate::t;

/// The value of a setting or of an operation's parameter. In what people read, such as JSON, it stands for itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A whole number, in the unit that the setting names.
    Integer(i64),
    /// On or off.
    Flag(bool),
    /// One of a list of names, or free text.
    Word(String),
}

/// How a value is written for formats that do not say what follows.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Value")]
enum Tagged {
    Integer(i64),
    Flag(bool),
    Word(String),
}

/// How a value is written for people.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Value", untagged)]
enum Plain {
    Integer(i64),
    Flag(bool),
    Word(String),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            Plain::serialize(self, serializer)
        } else {
            Tagged::serialize(self, serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        if deserializer.is_human_readable() {
            Plain::deserialize(deserializer)
        } else {
            Tagged::deserialize(deserializer)
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Integer(number) => number.fmt(formatter),
            Value::Flag(flag) => flag.fmt(formatter),
            Value::Word(word) => formatter.write_str(word),
        }
    }
}

/// One thing that can be set; the screen makes a control of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Setting {
    /// The name in scenarios, links and on the command line.
    pub name: &'static str,
    /// The label of the control.
    pub title: Text,
    /// What values it takes.
    pub kind: SettingKind,
    /// Its value when nothing is said.
    pub default: Value,
    /// Whether it shapes the world itself (such as the number of servers), so that it cannot change during a run.
    pub structural: bool,
    /// For a text that has to be read: who reads it.
    #[serde(skip)]
    reader: Option<Reader>,
}

/// Reads a text; the error says what is wrong with it.
#[derive(Clone, Copy, Debug)]
struct Reader(fn(&str) -> Result<(), Text>);

impl PartialEq for Reader {
    fn eq(&self, other: &Reader) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

/// What values a setting takes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum SettingKind {
    /// A whole number between two bounds, both allowed.
    Integer { least: i64, most: i64, unit: &'static str },
    /// One of a few names.
    Choice(Vec<(&'static str, Text)>),
    /// On or off.
    Switch,
    /// Any text of at most this many characters.
    Text { longest: usize },
}

// The makers are not inlined: written out for each setting of each lab they take more room than all else about it.
impl Setting {
    /// A whole number between `least` and `most`.
    #[inline(never)]
    pub fn integer(
        name: &'static str,
        title: Text,
        (least, most): (i64, i64),
        unit: &'static str,
        default: i64,
    ) -> Setting {
        let kind = SettingKind::Integer { least, most, unit };
        Setting { name, title, kind, default: Value::Integer(default), structural: false, reader: None }
    }

    /// One of a few names; the first is the default.
    #[inline(never)]
    pub fn choice(name: &'static str, title: Text, choices: Vec<(&'static str, Text)>) -> Setting {
        let default = Value::Word(choices.first().map(|(name, _)| name.to_string()).unwrap_or_default());
        Setting { name, title, kind: SettingKind::Choice(choices), default, structural: false, reader: None }
    }

    /// On or off.
    #[inline(never)]
    pub fn switch(name: &'static str, title: Text, default: bool) -> Setting {
        Setting {
            name,
            title,
            kind: SettingKind::Switch,
            default: Value::Flag(default),
            structural: false,
            reader: None,
        }
    }

    /// Text of at most `longest` characters.
    #[inline(never)]
    pub fn text(name: &'static str, title: Text, longest: usize, default: &str) -> Setting {
        let kind = SettingKind::Text { longest };
        Setting { name, title, kind, default: Value::Word(default.to_string()), structural: false, reader: None }
    }

    /// The same setting, fixed once the run has begun.
    #[inline(never)]
    pub fn structural(mut self) -> Setting {
        self.structural = true;
        self
    }

    /// What a value is called on the screen.
    pub fn title_of(&self, value: &Value) -> Text {
        let choices = match &self.kind {
            SettingKind::Choice(choices) => choices.as_slice(),
            SettingKind::Integer { .. } | SettingKind::Switch | SettingKind::Text { .. } => &[],
        };
        let chosen = choices.iter().find(|(name, _)| *value == Value::Word(name.to_string()));
        chosen.map_or_else(|| Text::verbatim(value.to_string()), |(_, title)| title.clone())
    }

    /// The same text, refused where `read` says what is wrong with it.
    pub fn read_by(mut self, read: fn(&str) -> Result<(), Text>) -> Setting {
        self.reader = Some(Reader(read));
        self
    }

    /// Says what is wrong with a value, if anything is.
    pub fn accept(&self, value: &Value) -> Result<(), Text> {
        match (&self.kind, value) {
            (SettingKind::Integer { least, most, .. }, Value::Integer(number)) if (least..=most).contains(&number) => {
                Ok(())
            }
            (SettingKind::Integer { least, most, unit }, _) => Err(t!(
                "{name} takes a whole number from {least} to {most} {unit}",
                name = self.title.clone(),
                least = *least,
                most = *most,
                unit = unit_text(unit)
            )),
            (SettingKind::Choice(choices), Value::Word(word)) if choices.iter().any(|(name, _)| name == word) => Ok(()),
            (SettingKind::Choice(choices), _) => {
                let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
                Err(t!("{name} takes one of: {choices}", name = self.title.clone(), choices = names.join(", ")))
            }
            (SettingKind::Switch, Value::Flag(_)) => Ok(()),
            (SettingKind::Switch, _) => Err(t!("{name} is on or off: write true or false", name = self.title.clone())),
            (SettingKind::Text { longest }, Value::Word(word)) if word.chars().count() <= *longest => {
                self.reader.map_or(Ok(()), |Reader(read)| read(word))
            }
            (SettingKind::Text { longest }, _) => {
                Err(t!("{name} takes at most {longest} characters", name = self.title.clone(), longest = *longest))
            }
        }
    }

    /// Reads a value as a person types it.
    pub fn parse(&self, typed: &str) -> Result<Value, Text> {
        let value = match &self.kind {
            SettingKind::Integer { .. } => typed.trim().parse().map(Value::Integer).ok(),
            SettingKind::Switch => typed.trim().parse().map(Value::Flag).ok(),
            SettingKind::Choice(_) | SettingKind::Text { .. } => None,
        };
        let value = value.unwrap_or_else(|| Value::Word(typed.to_string()));
        self.accept(&value).map(|()| value)
    }
}

/// The values of all settings of a lab, and for each rule whether it is followed (under the rule's name).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings(Map<String, Value>);

impl Settings {
    /// Every setting at its default.
    pub fn defaults(settings: &[Setting]) -> Settings {
        Settings(settings.iter().map(|setting| (setting.name.to_string(), setting.default.clone())).collect())
    }

    /// The same settings with one more said; unknown names are found out by [`Settings::accept`].
    pub fn with(mut self, name: &str, value: Value) -> Settings {
        self.0.insert(name.to_string(), value);
        self
    }

    /// Says what is wrong: a name that the lab does not know, or a value out of bounds. What is missing is added.
    pub fn accept(mut self, settings: &[Setting]) -> Result<Settings, Text> {
        for (name, value) in self.0.iter() {
            setting_named(settings, name)?.accept(value)?;
        }
        for setting in settings {
            self.0.get_or_insert_with(setting.name.to_string(), || setting.default.clone());
        }
        Ok(self)
    }

    /// The value of a setting.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A whole number; 0 for a name that is not there.
    pub fn integer(&self, name: &str) -> i64 {
        match self.0.get(name) {
            Some(Value::Integer(number)) => *number,
            _ => 0,
        }
    }

    /// Whether a switch is on, or a rule is followed; a name that is not there counts as on.
    pub fn is_on(&self, name: &str) -> bool {
        !matches!(self.0.get(name), Some(Value::Flag(false)))
    }

    /// A name or text; empty for a name that is not there.
    pub fn word(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Value::Word(word)) => word,
            _ => "",
        }
    }

    /// All names and values in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// What differs from the defaults: all that a scenario has to keep.
    pub fn changed(&self, settings: &[Setting]) -> Settings {
        let is_default =
            |name: &str, value: &Value| setting_named(settings, name).is_ok_and(|setting| setting.default == *value);
        Settings(
            self.0
                .iter()
                .filter(|(name, value)| !is_default(name, value))
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect(),
        )
    }
}

/// The setting of this name, or a sentence that names those there are.
pub fn setting_named<'a>(settings: &'a [Setting], name: &str) -> Result<&'a Setting, Text> {
    settings.iter().find(|setting| setting.name == name).ok_or_else(|| {
        let names: Vec<&str> = settings.iter().map(|setting| setting.name).collect();
        t!("there is no setting {name}; there are: {names}", name = excerpt(name, QUOTED), names = choices(&names))
    })
}
