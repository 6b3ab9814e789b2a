package org.orrery.training;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.orrery.io.WholeFile;
import org.orrery.nn.Require;

/// What happened in each epoch of a training.
///
/// Two trainings from the same start have equal histories, and equal files: the time that an epoch took is not compared,
/// and not written.
public final class History {
  private static final String EPOCH = "epoch";
  private static final String RATE = "rate";
  private static final CSVFormat FORMAT = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  /// The name of the mean loss of an epoch's steps.
  public static final String TRAIN_LOSS = "train_loss";

  /// One epoch.
  ///
  /// @param epoch counted from 0
  /// @param trainLoss the mean of the losses of its steps, each before its step and counted by the size of its batch
  /// @param metrics of the validation: in the order of a [SequencedMap], else of their names
  /// @param rate the learning rate of its last step
  /// @param seconds that it took; not compared
  public record Row(long epoch, double trainLoss, Map<String, Double> metrics, double rate, double seconds) {
    /// Copies the metrics, in an order that does not depend on the process: that of `Map.of` does.
    public Row {
      metrics = Collections.unmodifiableSequencedMap(
          new LinkedHashMap<>(metrics instanceof SequencedMap ? metrics : new TreeMap<>(metrics)));
    }

    /// The value of that name: a metric, or [#TRAIN_LOSS].
    ///
    /// @throws IllegalArgumentException listing the names there are
    public double value(String name) {
      Double value = name.equals(TRAIN_LOSS) ? Double.valueOf(trainLoss) : metrics.get(name);
      if (value == null) {
        throw new IllegalArgumentException(
            "history: no metric " + name + "; there are " + TRAIN_LOSS + " and " + metrics.keySet());
      }
      return value;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Row row && epoch == row.epoch && metrics.equals(row.metrics)
          && Double.compare(trainLoss, row.trainLoss) == 0 && Double.compare(rate, row.rate) == 0;
    }

    @Override
    public int hashCode() {
      return Objects.hash(epoch, trainLoss, metrics, rate);
    }
  }

  private final List<Row> rows;

  /// An empty history.
  public History() {
    this(List.of());
  }

  private History(List<Row> rows) {
    this.rows = new ArrayList<>(rows);
  }

  /// The epochs so far.
  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /// The last epoch.
  ///
  /// @throws java.util.NoSuchElementException where there is none
  public Row last() {
    return rows.getLast();
  }

  /// Adds an epoch, its metrics in the order of those before.
  ///
  /// @throws IllegalArgumentException where it is not the next, or its metrics have other names than those before
  void add(Row row) {
    Require.that(row.epoch() == rows.size(), "history",
        "epoch " + row.epoch() + " after " + rows.size() + " epochs; epoch " + rows.size() + " is required");
    Map<String, Double> metrics = rows.isEmpty() ? row.metrics() : rows.getFirst().metrics();
    Require.that(metrics.keySet().equals(row.metrics().keySet()), "history",
        "epoch " + row.epoch() + " has metrics " + row.metrics().keySet() + ", those before " + metrics.keySet());
    Map<String, Double> ordered = new LinkedHashMap<>(metrics);
    ordered.putAll(row.metrics()); // a name that is there keeps its place
    rows.add(new Row(row.epoch(), row.trainLoss(), ordered, row.rate(), row.seconds()));
  }

  /// The table with a line of names: epoch, train_loss, the metrics, rate. Numbers are exact.
  public String csv() {
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(lines(row)));
    return text.toString();
  }

  /// The line of an epoch; in front of the first, that of the names.
  private static String lines(Row row) {
    List<Object> fields = new ArrayList<>(List.of(row.epoch(), row.trainLoss()));
    fields.addAll(row.metrics().values());
    fields.add(row.rate());
    String line = FORMAT.format(fields.toArray()) + "\n";
    return row.epoch() == 0 ? names(row) + "\n" + line : line;
  }

  private static String names(Row row) {
    List<Object> names = new ArrayList<>(List.of(EPOCH, TRAIN_LOSS));
    names.addAll(row.metrics().keySet());
    names.add(RATE);
    return FORMAT.format(names.toArray());
  }

  /// The history whose [#csv()] this is.
  ///
  /// @throws IllegalArgumentException where it is not such a table
  public static History ofCsv(String csv) {
    try (CSVParser parser = CSVParser.parse(new StringReader(csv), FORMAT)) {
      List<CSVRecord> records = parser.getRecords();
      History history = new History();
      for (CSVRecord line : records.subList(Math.min(1, records.size()), records.size())) {
        history.add(row(records.getFirst(), line));
      }
      return history;
    } catch (IOException | UncheckedIOException broken) {
      throw new IllegalArgumentException("history: not a table: " + broken.getMessage(), broken);
    }
  }

  private static Row row(CSVRecord header, CSVRecord line) {
    int width = header.size();
    Require.that(width >= 3 && line.size() == width && header.get(0).equals(EPOCH)
        && header.get(1).equals(TRAIN_LOSS) && header.get(width - 1).equals(RATE), "history",
        "line " + line.toList() + " under " + header.toList());
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (int i = 2; i < width - 1; i++) {
      Double before = metrics.put(header.get(i), Double.valueOf(line.get(i)));
      Require.that(before == null, "history", "two columns " + header.get(i));
    }
    return new Row(Long.parseLong(line.get(0)), Double.parseDouble(line.get(1)), metrics,
        Double.parseDouble(line.get(width - 1)), 0);
  }

  /// Writes [#csv()] to a file, as a whole or not at all.
  ///
  /// @throws IOException where that fails; an older file is untouched then
  public void write(Path file) throws IOException {
    WholeFile.write(file, out -> {
      OutputStreamWriter writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
      writer.write(csv());
      writer.flush();
    });
  }

  /// Adds the last epoch to the file of those before it.
  void appendLast(Path file) throws IOException {
    if (Files.exists(file)) {
      try {
        Files.writeString(file, lines(last()), StandardOpenOption.APPEND);
      } catch (IOException failed) {
        throw new IOException(file + ": a line could not be added: " + failed.getMessage(), failed);
      }
    } else {
      write(file); // somebody took it away
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof History history && rows.equals(history.rows);
  }

  @Override
  public int hashCode() {
    return rows.hashCode();
  }

  @Override
  public String toString() {
    return csv();
  }
}
