//! Values of a protocol with their types hidden: states, messages, timers, disks.
//!
//! The world is compiled once, for all labs. Only the code of a lab knows what is inside of these.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::digest::Digest;

/// Something that can be copied and digested without knowing what it is.
pub trait Opaque: Any + Send + Sync {
    /// The same again.
    fn copy(&self) -> Hidden;
    /// Takes the value into a digest.
    fn fold(&self, digest: &mut Digest);
}

impl<T: Any + Clone + Send + Serialize + Sync> Opaque for T {
    fn copy(&self) -> Hidden {
        Hidden::new(self.clone())
    }

    fn fold(&self, digest: &mut Digest) {
        digest.add(self);
    }
}

/// A value of its own: the state of a node, the payload of a message.
pub struct Hidden(Box<dyn Opaque>);

/// A value that several share, since it does not change: a timer, a disk.
#[derive(Clone)]
pub struct Shared(Arc<dyn Opaque>);

impl Hidden {
    /// Hides a value.
    pub fn new(value: impl Opaque) -> Hidden {
        Hidden(Box::new(value))
    }

    /// The value.
    ///
    /// # Panics
    /// If it is of another type: then the world has mixed up two labs.
    pub fn read<T: Any>(&self) -> &T {
        let value: &dyn Any = &*self.0;
        value.downcast_ref().unwrap_or_else(|| mixed_up())
    }

    /// The value, to change.
    ///
    /// # Panics
    /// As [`Hidden::read`].
    pub fn write<T: Any>(&mut self) -> &mut T {
        let value: &mut dyn Any = &mut *self.0;
        value.downcast_mut().unwrap_or_else(|| mixed_up())
    }

    /// Takes the value out.
    ///
    /// # Panics
    /// As [`Hidden::read`].
    pub fn take<T: Any>(self) -> T {
        let value: Box<dyn Any> = self.0;
        *value.downcast().unwrap_or_else(|_| mixed_up())
    }

    pub(crate) fn fold(&self, digest: &mut Digest) {
        self.0.fold(digest);
    }
}

impl Clone for Hidden {
    fn clone(&self) -> Hidden {
        self.0.copy()
    }
}

impl Shared {
    /// Hides a value.
    pub fn new(value: impl Opaque) -> Shared {
        Shared(Arc::new(value))
    }

    /// Hides a value that is shared already.
    pub fn from_arc(value: Arc<impl Opaque>) -> Shared {
        Shared(value)
    }

    /// The value.
    ///
    /// # Panics
    /// As [`Hidden::read`].
    pub fn read<T: Any>(&self) -> &T {
        let value: &dyn Any = &*self.0;
        value.downcast_ref().unwrap_or_else(|| mixed_up())
    }

    /// Whether both share one value.
    pub(crate) fn is(&self, other: &Shared) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether both values are equal, as far as their digests tell.
    pub(crate) fn equals(&self, other: &Shared) -> bool {
        let digest = |value: &Shared| {
            let mut digest = Digest(0);
            value.fold(&mut digest);
            digest.0
        };
        self.is(other) || digest(self) == digest(other)
    }

    pub(crate) fn fold(&self, digest: &mut Digest) {
        self.0.fold(digest);
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Hidden")
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Shared")
    }
}

#[cold]
fn mixed_up() -> ! {
    panic!("a value of another lab than the world's")
}
