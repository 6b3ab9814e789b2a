package org.orrery.formats;

import java.util.List;
import java.util.Optional;
import org.orrery.io.FormatException;

/// Groups of one snapshot and the subhalos in them.
public final class GroupCatalog {
  private final Optional<HaloCatalog> groups;
  private final Optional<HaloCatalog> subhalos;
  private final int[] groupOfSubhalo;
  private final List<OutsideLink> outside;

  GroupCatalog(Optional<HaloCatalog> groups, Optional<HaloCatalog> subhalos, int[] groupOfSubhalo,
      List<OutsideLink> outside) {
    this.groups = groups;
    this.subhalos = subhalos;
    this.groupOfSubhalo = groupOfSubhalo;
    this.outside = List.copyOf(outside);
  }

  /// The groups; their identifiers are their numbers in the whole snapshot where these are known, else their places.
  ///
  /// @throws FormatException where there are none
  public HaloCatalog groups() throws FormatException {
    if (groups.isPresent()) {
      return groups.get();
    }
    throw new FormatException(
        subhalos.map(HaloCatalog::source).orElse("catalog") + ": there is no group; at least one is required");
  }

  /// The subhalos; their identifiers are their numbers in the whole snapshot where these are known, else their places.
  ///
  /// @throws FormatException where there are none
  public HaloCatalog subhalos() throws FormatException {
    if (subhalos.isPresent()) {
      return subhalos.get();
    }
    throw new FormatException(
        groups.map(HaloCatalog::source).orElse("catalog") + ": there is no subhalo; at least one is required");
  }

  /// Whether there are any subhalos.
  public boolean hasSubhalos() {
    return subhalos.isPresent();
  }

  /// `[subhalos]`: the place of the group that each belongs to, -1 where that is not among those that were read.
  public int[] groupOfSubhalo() {
    return groupOfSubhalo.clone();
  }

  /// The links from a subhalo, by its identifier, to a group, by its number in the snapshot, that was not read.
  public List<OutsideLink> outsideLinks() {
    return outside;
  }

  /// Both catalogs.
  @Override
  public String toString() {
    return "groups: " + groups.map(HaloCatalog::toString).orElse("none") + "; subhalos: "
        + subhalos.map(HaloCatalog::toString).orElse("none")
        + (outside.isEmpty() ? "" : "; " + outside.size() + " links lead to other files");
  }
}
