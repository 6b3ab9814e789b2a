package org.orrery.examples.cora;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.Graph;
import org.orrery.graph.Level;
import org.orrery.graph.Sparse;
import org.orrery.io.WholeFile;
import org.orrery.tensor.Indices;

/// Reads a citation network: `edges.csv` (src,dst: undirected, each once), `nodes.csv` (node,label,split: in order, with
/// split train, val, test or none) and `features.mtx` (Matrix Market, coordinate pattern: papers times words).
///
/// A line that does not fit is an error that names file and line.
public final class CitationFiles {
  private static final Set<String> SPLITS = Set.of(CitationNetwork.TRAIN, CitationNetwork.VALIDATION,
      CitationNetwork.TEST, "none");
  private static final CSVFormat CSV = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
  private static final Pattern BANNER = Pattern.compile("%%?MatrixMarket matrix coordinate pattern general *",
      Pattern.CASE_INSENSITIVE); // the standard has two signs, some files one
  private static final int FEW = 100_000; // columns that may be without entries
  private static final int MOST = 100_000_000; // entries; what says it has more is not such a file

  private CitationFiles() {
  }

  /// The network in a folder.
  ///
  /// @throws IOException naming file and line where something is missing or does not fit
  public static CitationNetwork read(Path folder) throws IOException {
    Papers papers = readPapers(folder.resolve("nodes.csv"));
    Sparse citations = readCitations(folder.resolve("edges.csv"), papers.count());
    Sparse words = readWords(folder.resolve("features.mtx"), papers.count());
    Graph graph = Graph.builder(citations)
        .labels(CitationNetwork.SUBJECT, Level.NODE, papers.labels())
        .mask(CitationNetwork.TRAIN, Level.NODE, papers.in(CitationNetwork.TRAIN))
        .mask(CitationNetwork.VALIDATION, Level.NODE, papers.in(CitationNetwork.VALIDATION))
        .mask(CitationNetwork.TEST, Level.NODE, papers.in(CitationNetwork.TEST))
        .build();
    return new CitationNetwork(graph, words, papers.subjects());
  }

  private record Papers(List<Integer> label, List<String> split) {
    int count() {
      return label.size();
    }

    int subjects() {
      return label.stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
    }

    Indices labels() {
      return Indices.wrap(label.stream().mapToInt(Integer::intValue).toArray());
    }

    Indices in(String name) {
      return Indices.wrap(IntStream.range(0, count()).filter(i -> split.get(i).equals(name)).toArray());
    }
  }

  private static Papers readPapers(Path file) throws IOException {
    Papers papers = new Papers(new ArrayList<>(), new ArrayList<>());
    eachRecord(file, List.of("node", "label", "split"), line -> {
      int node = number(line.get(0), "node", 0, Integer.MAX_VALUE);
      require(node == papers.count(), "node " + node + "; " + papers.count() + " is next");
      String split = line.get(2);
      require(SPLITS.contains(split), "split '" + split + "'; train, val, test or none is required");
      int label = number(line.get(1), "label", split.equals("none") ? -1 : 0, 1_000_000);
      papers.label().add(label);
      papers.split().add(split);
    });
    if (papers.count() == 0) {
      throw new IOException(file + ": no nodes");
    }
    return papers;
  }

  private static Sparse readCitations(Path file, int papers) throws IOException {
    List<Integer> from = new ArrayList<>();
    List<Integer> to = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    eachRecord(file, List.of("src", "dst"), line -> {
      int a = number(line.get(0), "src", 0, papers - 1);
      int b = number(line.get(1), "dst", 0, papers - 1);
      require(a != b, "paper " + a + " cites itself");
      require(seen.add((long) Math.min(a, b) * papers + Math.max(a, b)),
          "edge " + a + ", " + b + " for the second time");
      from.add(a);
      to.add(b);
      from.add(b);
      to.add(a);
    });
    return Sparse.of(papers, indices(from), indices(to));
  }

  /// Words send to papers.
  private static Sparse readWords(Path file, int papers) throws IOException {
    try (BufferedReader reader = open(file)) {
      Lines lines = new Lines(file, reader);
      String banner = lines.next();
      lines.check(banner != null && BANNER.matcher(banner).matches(),
          "'" + banner + "'; '%%MatrixMarket matrix coordinate pattern general' is required");
      String line = lines.next();
      while (line != null && line.startsWith("%")) {
        line = lines.next();
      }
      int[] sizes = lines.numbers(line, 3, "rows, columns and entries");
      lines.check(sizes[0] == papers, sizes[0] + " rows for " + papers + " nodes");
      lines.check(sizes[1] > 0 && sizes[1] <= FEW + Files.size(file) && sizes[2] <= MOST,
          sizes[1] + " columns and " + sizes[2] + " entries in a file of " + Files.size(file) + " bytes; 1 to "
              + (FEW + Files.size(file)) + " columns and at most " + MOST + " entries are required");
      List<Integer> words = new ArrayList<>();
      List<Integer> receivers = new ArrayList<>();
      Set<Long> seen = new HashSet<>();
      for (int k = 0; k < sizes[2]; k++) {
        int[] entry = lines.numbers(lines.next(), 2, "entry " + (k + 1) + " of " + sizes[2]);
        lines.check(entry[0] >= 1 && entry[0] <= sizes[0] && entry[1] >= 1 && entry[1] <= sizes[1],
            "entry " + entry[0] + ", " + entry[1] + " of a matrix of " + sizes[0] + " rows and " + sizes[1]
                + " columns");
        lines.check(seen.add((long) entry[0] * (sizes[1] + 1L) + entry[1]),
            "entry " + entry[0] + ", " + entry[1] + " for the second time");
        receivers.add(entry[0] - 1);
        words.add(entry[1] - 1);
      }
      String rest = lines.next();
      lines.check(rest == null || rest.isBlank(), "more than " + sizes[2] + " entries");
      return Sparse.of(sizes[1], papers, indices(words), indices(receivers), null);
    }
  }

  /// The lines of a file, counted.
  private static final class Lines {
    private final Path file;
    private final BufferedReader reader;
    private long count;

    Lines(Path file, BufferedReader reader) {
      this.file = file;
      this.reader = reader;
    }

    @Nullable
    String next() throws IOException {
      count++;
      try {
        return reader.readLine();
      } catch (CharacterCodingException notText) {
        throw new IOException(file + ": line " + count + " is no UTF-8 text", notText);
      }
    }

    int[] numbers(@Nullable String line, int wanted, String what) throws IOException {
      check(line != null, "the file ends; " + what + " wanted");
      String[] parts = line == null ? new String[0] : line.strip().split("\\s+");
      check(parts.length == wanted, "'" + line + "'; " + what + " wanted");
      int[] values = new int[wanted];
      try {
        for (int i = 0; i < wanted; i++) {
          values[i] = number(parts[i], what, 0, Integer.MAX_VALUE);
        }
      } catch (IllegalArgumentException broken) {
        throw new IOException(file + ", line " + count + ": " + broken.getMessage(), broken);
      }
      return values;
    }

    void check(boolean holds, String complaint) throws IOException {
      if (!holds) {
        throw new IOException(file + ", line " + count + ": " + complaint);
      }
    }
  }

  private static void eachRecord(Path file, List<String> header, Consumer<CSVRecord> take) throws IOException {
    try (BufferedReader reader = open(file); CSVParser parser = parser(file, reader)) {
      if (!parser.getHeaderNames().equals(header)) {
        throw new IOException(file + ", line 1: columns " + parser.getHeaderNames() + "; " + header + " are required");
      }
      for (CSVRecord line : parser) {
        try {
          require(line.size() == header.size(), line.size() + " fields; " + header.size() + " are required");
          take.accept(line);
        } catch (IllegalArgumentException broken) {
          throw new IOException(file + ", line " + parser.getCurrentLineNumber() + ": " + broken.getMessage(), broken);
        }
      }
    } catch (UncheckedIOException broken) {
      throw new IOException(file + ": " + broken.getMessage(), broken);
    }
  }

  /// Reads the header.
  private static CSVParser parser(Path file, BufferedReader reader) throws IOException {
    try {
      return CSVParser.parse(reader, CSV);
    } catch (IOException | IllegalArgumentException broken) {
      throw new IOException(file + ": " + broken.getMessage(), broken);
    }
  }

  private static BufferedReader open(Path file) throws IOException {
    return Files.newBufferedReader(WholeFile.requireReadable(file), StandardCharsets.UTF_8);
  }

  private static int number(String text, String what, int lowest, int highest) {
    try {
      int value = Integer.parseInt(text.strip());
      if (value >= lowest && value <= highest) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(what + " '" + text + "'; a whole number is required", notANumber);
    }
    throw new IllegalArgumentException(what + " " + text.strip() + "; " + lowest + " to " + highest + " are allowed");
  }

  private static void require(boolean holds, String complaint) {
    if (!holds) {
      throw new IllegalArgumentException(complaint);
    }
  }

  private static Indices indices(List<Integer> values) {
    return Indices.wrap(values.stream().mapToInt(Integer::intValue).toArray());
  }
}
