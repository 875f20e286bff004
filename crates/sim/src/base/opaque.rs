//! Values of a protocol with their types hidden: states, messages, timers, disks.
//!
//! The world is compiled once, for all labs. Only the code of a lab knows what is inside of these.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use serde::{Serialize, Serializer};

use crate::base::digest::Digest;

/// Something that can be copied and digested without knowing what it is.
pub trait Opaque: Any {
    /// The same again.
    fn copy(&self) -> Hidden;
    /// Takes the value into a digest.
    fn fold(&self, digest: &mut Digest);
}

impl<T: Any + Clone + Serialize> Opaque for T {
    fn copy(&self) -> Hidden {
        Hidden::new(self.clone())
    }

    fn fold(&self, digest: &mut Digest) {
        digest.add(self);
    }
}

/// A value of its own: the state of a node.
pub struct Hidden(Box<dyn Opaque>);

/// A message on its way. Its receiver takes it out, and the memory is used again for another one.
#[derive(Clone, Debug)]
pub struct Parcel(Hidden);

/// What is in a parcel: none once it has been taken out. Digested like the message alone.
#[derive(Clone)]
struct Content<M>(Option<M>);

/// A value that several share, since it does not change: a timer, a disk.
#[derive(Clone)]
pub struct Shared(Rc<dyn Opaque>);

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

    pub(crate) fn fold(&self, digest: &mut Digest) {
        self.0.fold(digest);
    }
}

impl Parcel {
    /// Packs a message.
    pub fn new<M: Any + Clone + Serialize>(message: M) -> Parcel {
        Parcel(Hidden::new(Content(Some(message))))
    }

    /// The message.
    ///
    /// # Panics
    /// As [`Hidden::read`], and if the message has been taken out.
    pub fn read<M: Any>(&self) -> &M {
        self.0.read::<Content<M>>().0.as_ref().unwrap_or_else(|| taken_twice())
    }

    /// Takes the message out.
    ///
    /// # Panics
    /// As [`Parcel::read`].
    pub fn take<M: Any>(&mut self) -> M {
        self.0.write::<Content<M>>().0.take().unwrap_or_else(|| taken_twice())
    }

    /// Packs another message of the same type into the same memory.
    ///
    /// # Panics
    /// As [`Hidden::read`].
    pub(crate) fn refill<M: Any>(&mut self, message: M) {
        self.0.write::<Content<M>>().0 = Some(message);
    }

    pub(crate) fn fold(&self, digest: &mut Digest) {
        self.0.fold(digest);
    }
}

impl<M: Serialize> Serialize for Content<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(message) => message.serialize(serializer),
            None => serializer.serialize_none(),
        }
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
        Shared(Rc::new(value))
    }

    /// Hides a value that is shared already.
    pub fn from_rc(value: Rc<impl Opaque>) -> Shared {
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
        Rc::ptr_eq(&self.0, &other.0)
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

#[cold]
fn taken_twice() -> ! {
    panic!("a message that its receiver has taken out already")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parcel_is_digested_like_its_message_and_holds_one_after_the_other() {
        let digest_of = |fold: &dyn Fn(&mut Digest)| {
            let mut digest = Digest(0);
            fold(&mut digest);
            digest.0
        };
        let mut parcel = Parcel::new("first".to_string());
        assert_eq!(digest_of(&|digest| parcel.fold(digest)), digest_of(&|digest| digest.add(&"first")));
        let copy = parcel.clone();
        assert_eq!(parcel.take::<String>(), "first");
        parcel.refill("second".to_string());
        assert_eq!((parcel.read::<String>().as_str(), copy.read::<String>().as_str()), ("second", "first"));
    }
}
