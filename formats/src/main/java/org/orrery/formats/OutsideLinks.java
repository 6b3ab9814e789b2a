package org.orrery.formats;

/// What a descendant means that is not among the nodes that were read.
public enum OutsideLinks {
  /// An error that names the node: the file is required to be whole.
  REFUSED,
  /// The node becomes a root, and the link is listed: the file is part of a larger one.
  LISTED
}
