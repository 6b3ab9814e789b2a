package org.orrery.formats;

/// A link that leads to something that the files at hand do not have.
///
/// @param id what the link starts at
/// @param target what it names
public record OutsideLink(long id, long target) {
}
