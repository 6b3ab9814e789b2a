package org.orrery.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.orrery.io.FormatException;

/// Groups and subhalos that FOF and SUBFIND find, as GADGET-4, Arepo and CAMELS write them in HDF5:
/// `fof_subhalo_tab_NNN.hdf5`, or `fof_subhalo_tab_NNN.I.hdf5` for file I of a snapshot. Springel et al. 2001, 2021;
/// <https://camels.readthedocs.io/en/latest/subfind.html>.
///
/// Lengths, masses and velocities are converted by `Parameters/UnitLength_in_cm`, `UnitMass_in_g` and
/// `UnitVelocity_in_cm_per_s`, per h, as these codes mean them. Positions are `GroupPos` and `SubhaloPos`, masses
/// `GroupMass` and `SubhaloMass`, velocities `SubhaloVel` and `GroupVel`; the latter is v times a in these files and is
/// divided by the scale factor. Box, scale factor and universe are those of `Header` and `Parameters`. Further columns
/// that are there: lengths (number of particles), radii and masses of overdensities, maximal velocities, spins as
/// stored, and the identifiers of the most bound particles, also of 48 bits.
///
/// Identifiers are numbers within the whole snapshot. They are known where the files begin with the snapshot's first or
/// end with its last; where they are not, identifiers are places, and every link from a subhalo to its group is an
/// [OutsideLink].
public final class Subfind {
  private static final Pattern NUMBER = Pattern.compile(".*\\.(\\d{1,6})\\.(?:hdf5|h5)");
  private static final List<String> LENGTHS = List.of("Group_R_Crit200", "Group_R_Crit500", "Group_R_Mean200",
      "Group_R_TopHat200", "SubhaloHalfmassRad", "SubhaloVmaxRad");
  private static final List<String> MASSES = List.of("Group_M_Crit200", "Group_M_Crit500", "Group_M_Mean200",
      "Group_M_TopHat200", "GroupMassType", "SubhaloMassType");
  private static final List<String> SPEEDS = List.of("SubhaloVmax", "SubhaloVelDisp");
  private static final List<String> OTHERS = List.of("GroupLen", "GroupNsubs", "GroupFirstSub", "GroupLenType",
      "SubhaloLen",
      "SubhaloGrNr", "SubhaloGroupNr", "SubhaloRankInGr", "SubhaloParent", "SubhaloParentRank", "SubhaloLenType",
      "SubhaloSpin", "SubhaloIDMostbound");

  private Subfind() {
  }

  /// The units of a file's numbers.
  private record Units(LengthUnit length, MassUnit mass, double kmPerS) {
  }

  /// Reads files of one snapshot, in the order of their numbers.
  ///
  /// @throws FormatException naming file and data set, what came and what is required: so where a file does not state
  ///     its units, where files are of several snapshots, or do not follow each other
  /// @throws IOException where a file cannot be read
  public static GroupCatalog read(Path... files) throws IOException {
    return read(List.of(files), null);
  }

  /// Reads files of one snapshot that do not state their units, as those of Illustris:
  /// [LengthUnit#KPC_PER_H] and [MassUnit#GADGET].
  ///
  /// @throws FormatException as above
  /// @throws IOException where a file cannot be read
  public static GroupCatalog read(List<Path> files, LengthUnit length, MassUnit mass) throws IOException {
    return read(files, new Units(length, mass, 1));
  }

  private static GroupCatalog read(List<Path> files, @Nullable Units stated) throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("subfind: no file; at least one is required");
    }
    List<Part> parts = new ArrayList<>();
    for (Path file : files) {
      try (Hdf5File hdf5 = Hdf5File.open(file)) {
        parts.add(Part.read(file, hdf5, stated));
      }
    }
    parts.sort((a, b) -> Integer.compare(a.number, b.number));
    return joined(parts);
  }

  /// One file.
  private record Part(Path file, int number, int files, long totalGroups, long totalSubhalos, double scaleFactor,
      double box,
      StatedCosmology cosmology, Units units, Optional<NumberTable> groups, Optional<NumberTable> subhalos) {

    static Part read(Path file, Hdf5File hdf5, @Nullable Units stated) throws FormatException {
      Units units = stated == null ? stated(hdf5) : stated;
      OptionalDouble time = hdf5.number("Header", "Time");
      double scaleFactor = time.isPresent() ? time.getAsDouble() : 1 / (1 + hdf5.requireNumber("Header", "Redshift"));
      Physical.requireScaleFactor(file.toString(), scaleFactor);
      double files = hdf5.requireNumber("Header", "NumFiles");
      if (!(files >= 1 && files <= 1e6)) {
        throw new FormatException(file + ": Header attribute NumFiles is " + files + "; 1 to 1000000 is required");
      }
      long groups = count(hdf5, "Ngroups_ThisFile", "Ngroups_ThisFile");
      long subhalos = count(hdf5, "Nsubhalos_ThisFile", "Nsubgroups_ThisFile");
      return new Part(file, number(file, (int) files), (int) files, count(hdf5, "Ngroups_Total", "Ngroups_Total"),
          count(hdf5, "Nsubhalos_Total", "Nsubgroups_Total"), scaleFactor, hdf5.requireNumber("Header", "BoxSize"),
          universe(hdf5), units, table(file, hdf5, "Group", groups), table(file, hdf5, "Subhalo", subhalos));
    }

    private static int number(Path file, int files) throws FormatException {
      if (files == 1) {
        return 0;
      }
      Matcher match = NUMBER.matcher(String.valueOf(file.getFileName()));
      int number = match.matches() ? Integer.parseInt(match.group(1)) : -1;
      if (number < 0 || number >= files) {
        throw new FormatException(file + ": is one of " + files
            + " files of a snapshot; a name that ends in its number and .hdf5, as in tab_264.19.hdf5, is required");
      }
      return number;
    }
  }

  private static long count(Hdf5File hdf5, String name, String other) throws FormatException {
    OptionalDouble count = hdf5.number("Header", name);
    double number = count.isPresent() ? count.getAsDouble() : hdf5.requireNumber("Header", other);
    if (!(number >= 0 && number < 0x1p53) || number != Math.rint(number)) {
      throw new FormatException(hdf5.path() + ": Header attribute " + name + " is " + number
          + "; a whole number from 0 is required");
    }
    return (long) number;
  }

  private static Units stated(Hdf5File hdf5) throws FormatException {
    String where = "Parameters";
    OptionalDouble length = hdf5.number(where, "UnitLength_in_cm");
    OptionalDouble mass = hdf5.number(where, "UnitMass_in_g");
    OptionalDouble velocity = hdf5.number(where, "UnitVelocity_in_cm_per_s");
    if (length.isEmpty() || mass.isEmpty() || velocity.isEmpty()) {
      throw new FormatException(hdf5.path() + ": Parameters with UnitLength_in_cm, UnitMass_in_g and "
          + "UnitVelocity_in_cm_per_s are not there; they are required, or LengthUnit and MassUnit from the caller, "
          + "for Illustris KPC_PER_H and GADGET");
    }
    double megaparsec = power(length.getAsDouble() / 3.085678e24);
    double solar = power(mass.getAsDouble() / 1.989e33);
    double kmPerS = power(velocity.getAsDouble() / 1e5);
    for (double factor : new double[] {megaparsec, solar, kmPerS}) {
      if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
        throw new FormatException(hdf5.path() + ": Parameters state units of " + length.getAsDouble() + " cm, "
            + mass.getAsDouble() + " g and " + velocity.getAsDouble() + " cm/s; positive finite ones are required");
      }
    }
    return new Units(new LengthUnit(megaparsec + " Mpc/h", megaparsec), new MassUnit(solar + " M_sun/h", solar),
        kmPerS);
  }

  /// Codes differ in the digits of a parsec and of the sun; powers of ten are meant.
  private static double power(double factor) {
    double power = Math.pow(10, Math.rint(Math.log10(factor)));
    return Math.abs(factor / power - 1) < 2e-3 ? power : factor;
  }

  private static StatedCosmology universe(Hdf5File hdf5) throws FormatException {
    return new StatedCosmology(either(hdf5, "Omega0"), either(hdf5, "OmegaLambda"), either(hdf5, "OmegaBaryon"),
        either(hdf5, "HubbleParam"), either(hdf5, "Sigma8"));
  }

  private static OptionalDouble either(Hdf5File hdf5, String name) throws FormatException {
    OptionalDouble header = hdf5.number("Header", name);
    return header.isPresent() ? header : hdf5.number("Parameters", name);
  }

  private static Optional<NumberTable> table(Path file, Hdf5File hdf5, String kind, long rows) throws FormatException {
    if (rows == 0) {
      return Optional.empty(); // as in files of a snapshot that has more files than groups
    }
    List<String> wanted = new ArrayList<>(List.of(kind + "Pos", kind + "Mass", kind + "Vel"));
    List<String> there = hdf5.names(kind);
    for (List<String> more : List.of(LENGTHS, MASSES, SPEEDS, OTHERS)) {
      more.stream().filter(name -> name.startsWith(kind) && there.contains(name)).forEach(wanted::add);
    }
    NumberTable table = hdf5.table(kind, wanted);
    if (table.rows() != rows) {
      throw new FormatException(file + ": " + kind + " has " + table.rows() + " rows; " + rows
          + " are required, as the Header states");
    }
    return Optional.of(table);
  }

  private static GroupCatalog joined(List<Part> parts) throws FormatException {
    Part first = parts.getFirst();
    for (int i = 1; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.files != first.files || part.totalGroups != first.totalGroups
          || part.totalSubhalos != first.totalSubhalos
          || part.scaleFactor != first.scaleFactor || part.box != first.box) {
        throw new FormatException(part.file + " and " + first.file
            + " differ in number of files, totals, scale factor or box; files of one snapshot are required");
      }
      if (part.number != parts.get(i - 1).number + 1) {
        throw new FormatException(part.file + " follows " + parts.get(i - 1).file
            + "; files whose numbers follow each other are required");
      }
    }
    boolean isFromFirst = first.number == 0;
    boolean isToLast = parts.getLast().number == first.files - 1;
    Optional<NumberTable> groups = together(parts.stream().flatMap(part -> part.groups.stream()).toList());
    Optional<NumberTable> subhalos = together(parts.stream().flatMap(part -> part.subhalos.stream()).toList());
    if (groups.isEmpty() && subhalos.isEmpty()) {
      throw new FormatException(first.file + ": there is neither a group nor a subhalo; at least one is required");
    }
    int groupRows = groups.map(NumberTable::rows).orElse(0);
    int subhaloRows = subhalos.map(NumberTable::rows).orElse(0);
    if (isFromFirst && isToLast) {
      requireTotal(first, "groups", groupRows, first.totalGroups);
      requireTotal(first, "subhalos", subhaloRows, first.totalSubhalos);
    }
    boolean isKnown = isFromFirst || isToLast;
    long firstGroup = isFromFirst ? 0 : isToLast ? first.totalGroups - groupRows : 0;
    long firstSubhalo = isFromFirst ? 0 : isToLast ? first.totalSubhalos - subhaloRows : 0;
    int[] groupOf = new int[subhaloRows];
    List<OutsideLink> outside = new ArrayList<>();
    if (subhalos.isPresent()) {
      links(subhalos.get(), isKnown, firstGroup, groupRows, firstSubhalo, groupOf, outside);
    }
    return new GroupCatalog(
        groups.isEmpty() ? Optional.empty() : Optional.of(catalog(first, groups.get(), "Group", firstGroup)),
        subhalos.isEmpty() ? Optional.empty() : Optional.of(catalog(first, subhalos.get(), "Subhalo", firstSubhalo)),
        groupOf, outside);
  }

  private static void requireTotal(Part part, String what, int came, long total) throws FormatException {
    if (came != total) {
      throw new FormatException(part.file + ": all files of the snapshot have " + came + " " + what + "; " + total
          + " are required, as the Header states");
    }
  }

  private static Optional<NumberTable> together(List<NumberTable> tables) throws FormatException {
    return tables.isEmpty() ? Optional.empty() : Optional.of(NumberTable.joined(tables));
  }

  private static void links(NumberTable subhalos, boolean isKnown, long firstGroup, int groups, long firstSubhalo,
      int[] groupOf, List<OutsideLink> outside) throws FormatException {
    Arrays.fill(groupOf, -1);
    String name = subhalos.has("SubhaloGroupNr") ? "SubhaloGroupNr" : "SubhaloGrNr";
    if (!subhalos.has(name)) {
      return;
    }
    long[] numbers = CatalogLayout.whole(subhalos, name);
    for (int i = 0; i < groupOf.length; i++) {
      long place = numbers[i] - firstGroup;
      if (isKnown && place >= 0 && place < groups) {
        groupOf[i] = (int) place;
      } else {
        outside.add(new OutsideLink(firstSubhalo + i, numbers[i]));
      }
    }
  }

  private static HaloCatalog catalog(Part part, NumberTable table, String kind, long firstNumber)
      throws FormatException {
    VelocityUnit peculiar = new VelocityUnit("unit of the file", part.units.kmPerS);
    VelocityUnit timesScaleFactor = new VelocityUnit("unit of the file / a", part.units.kmPerS / part.scaleFactor);
    CatalogLayout layout = CatalogLayout
        .of(List.of(kind + "Pos"), part.units.length, kind + "Mass", part.units.mass)
        .velocities(List.of(kind + "Vel"), kind.equals("Group") ? timesScaleFactor : peculiar).box(part.box)
        .scaleFactor(part.scaleFactor).cosmology(part.cosmology);
    for (Column column : table.columns()) {
      if (LENGTHS.contains(column.name())) {
        layout = layout.length(column.name(), part.units.length);
      } else if (MASSES.contains(column.name())) {
        layout = layout.mass(column.name(), part.units.mass);
      } else if (SPEEDS.contains(column.name())) {
        layout = layout.velocity(column.name(), peculiar);
      }
    }
    List<Column> columns = new ArrayList<>(table.columns());
    columns.add(Column.wrap("number", 1, LongStream.range(firstNumber, firstNumber + table.rows()).toArray()));
    return layout.id("number").read(NumberTable.of(table.source(), columns));
  }
}
