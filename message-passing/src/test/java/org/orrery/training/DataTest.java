package org.orrery.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.optimizers.Weights;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

class DataTest {
  private static final Dataset<Integer> TEN = Dataset.of(10, i -> i);

  private static List<List<Integer>> batches(Batches<List<Integer>> loader, long epoch) {
    List<List<Integer>> batches = new ArrayList<>();
    loader.epoch(epoch).forEach(batches::add);
    return batches;
  }

  @Test
  void partsAreDisjointAndCoverEverything() {
    List<Indices> parts = Split.fractions(101, Key.of(1), 0.8, 0.1, 0.1);
    assertArrayEquals(IntStream.range(0, 101).toArray(),
        parts.stream().flatMapToInt(part -> Arrays.stream(part.toArray())).sorted().toArray());
    assertEquals(List.of(81, 10, 10), parts.stream().map(Indices::size).toList()); // borders 80.8, 90.9, 101
    assertEquals(parts, Split.fractions(101, Key.of(1), 0.8, 0.1, 0.1));
    assertNotEquals(parts, Split.fractions(101, Key.of(2), 0.8, 0.1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> Split.fractions(10, Key.of(1), 0.8, 0.3));
  }

  @Test
  void stratifiedPartsKeepTheFrequencies() {
    Indices labels = Indices.of(IntStream.range(0, 100).map(i -> i % 10 == 0 ? 1 : 0).toArray()); // 10 of 100
    for (Indices part : Split.stratified(labels, Key.of(1), 0.5, 0.5)) {
      assertEquals(50, part.size());
      assertEquals(5, Arrays.stream(part.toArray()).filter(i -> labels.at(i) == 1).count());
    }
    for (Split.Fold fold : Split.stratifiedFolds(labels, 5, Key.of(1))) {
      assertEquals(2, Arrays.stream(fold.test().toArray()).filter(i -> labels.at(i) == 1).count());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10})
  void foldsHoldOutEverythingOnce(int count) {
    List<Integer> held = new ArrayList<>();
    for (Split.Fold fold : Split.folds(10, count, Key.of(1))) {
      assertEquals(10, fold.train().size() + fold.test().size());
      Arrays.stream(fold.test().toArray()).forEach(i -> {
        held.add(i);
        assertTrue(Arrays.stream(fold.train().toArray()).noneMatch(j -> j == i));
      });
    }
    assertEquals(TEN.all(), held.stream().sorted().toList());
  }

  @Test
  void theLastPartialBatchIsKeptOrDropped() {
    Loader<Integer, List<Integer>> loader = Loader.of(TEN, 4, List::copyOf);
    assertEquals(List.of(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7), List.of(8, 9)), batches(loader, 0));
    assertEquals(List.of(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7)), batches(loader.last(Loader.Last.DROPPED), 0));
  }

  @Test
  void theOrderIsAFunctionOfKeyAndEpoch() {
    Loader<Integer, List<Integer>> loader = Loader.of(TEN, 3, List::copyOf).shuffled(Key.of(4));
    assertEquals(batches(loader, 2), batches(loader, 2));
    assertNotEquals(batches(loader, 2), batches(loader, 3));
    assertEquals(TEN.all(), batches(loader, 2).stream().flatMap(List::stream).sorted().toList());
  }

  @Test
  void subsetsAndMapsAreViews() {
    Dataset<Integer> squares = TEN.subset(Indices.of(3, 5)).map(i -> i * i);
    assertEquals(List.of(9, 25), squares.all());
    assertThrows(IndexOutOfBoundsException.class, () -> TEN.subset(Indices.of(10)));
  }

  @Test
  void scalersAreFittedToTheirFormulaAndInvert() { // columns (1, 3) and (5, 5): mean 2, sigma 1; no spread
    Tensor training = Tensor.of(new float[][] {{1, 5}, {3, 5}});
    Tensor other = Tensor.of(new float[][] {{4, 7}});
    assertArrayEquals(new float[] {2, 2}, Scaler.standard(training).apply(other).toArray());
    assertArrayEquals(new float[] {1.5f, 2}, Scaler.minMax(training).apply(other).toArray());
    for (Scaler scaler : List.of(Scaler.standard(training), Scaler.minMax(training), Scaler.logarithm(training))) {
      assertArrayEquals(other.toArray(), scaler.invert(scaler.apply(other)).toArray(), 1e-5f);
    }
    assertThrows(IllegalArgumentException.class, () -> Scaler.logarithm(Tensor.zeros(1, 1)));
    assertThrows(IllegalArgumentException.class, () -> Scaler.standard(training).apply(Tensor.zeros(1, 3)));
  }

  @ParameterizedTest
  @ValueSource(floats = {0.1f, 1e-30f, 12345.678f})
  void aConstantColumnIsShiftedOnly(float value) { // the mean of a thousand equal logarithms is rounded
    float[] column = new float[1001];
    Arrays.fill(column, value);
    Tensor training = Tensor.of(column, column.length, 1);
    for (Scaler scaler : List.of(Scaler.standard(training), Scaler.minMax(training))) {
      assertEquals(1, Weights.at(scaler.parameters(), "scale").value().item());
      assertEquals(0, scaler.apply(training).toArray()[0]);
    }
    assertEquals(1, Weights.at(Scaler.logarithm(training).parameters(), "scale").value().item());
    float[] spread = {1, 1 + 2 * Math.ulp(1f)}; // sigma is half of their distance
    assertEquals(Math.ulp(1f),
        Weights.at(Scaler.standard(Tensor.of(spread, 2, 1)).parameters(), "scale").value().item());
  }

  @Test
  void aScalerIsSavedWithItsModel() {
    Scaler fitted = Scaler.standard(Tensor.normal(Key.of(1), 20, 2));
    Scaler loaded = Scaler.empty(2);
    loaded.parameters().forEach((name, p) -> p.refill(Weights.at(fitted.parameters(), name).value()));
    Tensor x = Tensor.normal(Key.of(2), 3, 2);
    assertArrayEquals(fitted.apply(x).toArray(), loaded.apply(x).toArray());
    assertEquals(List.of(), fitted.trainable());
  }

  @Test
  void aHistoryComesBackFromItsTable() {
    History history = new History();
    history.add(new History.Row(0, 0.1, Map.of("rmse", 1 / 3.0), 1e-3, 5));
    history.add(new History.Row(1, Double.NaN, Map.of("rmse", Double.POSITIVE_INFINITY), 1e-4, 6));
    assertEquals(history, History.ofCsv(history.csv()));
    assertEquals("epoch,train_loss,rmse,rate\n0,0.1,0.3333333333333333,0.001\n1,NaN,Infinity,1.0E-4\n", history.csv());
    assertThrows(IllegalArgumentException.class,
        () -> history.add(new History.Row(2, 0, Map.of("other", 1.0), 0, 0)));
  }

  @Test
  void metricsStandInTheOrderOfTheFirstEpoch() {
    History chosen = new History();
    chosen.add(new History.Row(0, 0, new LinkedHashMap<>(new TreeMap<>(Map.of("b", 1.0, "a", 2.0)).descendingMap()),
        0, 0));
    chosen.add(new History.Row(1, 0, new TreeMap<>(Map.of("a", 3.0, "b", 4.0)), 0, 0));
    assertEquals("epoch,train_loss,b,a,rate\n0,0.0,1.0,2.0,0.0\n1,0.0,4.0,3.0,0.0\n", chosen.csv());

    History sorted = new History(); // a map without an order, as that of Map.of, which differs between processes
    sorted.add(new History.Row(0, 0, unordered(List.of("b", "c", "a")), 0, 0));
    sorted.add(new History.Row(1, 0, unordered(List.of("c", "a", "b")), 0, 0));
    assertEquals("epoch,train_loss,a,b,c,rate", sorted.csv().lines().findFirst().orElseThrow());
    assertEquals(sorted, History.ofCsv(sorted.csv()));
  }

  /// A map that is not sequenced, in this order.
  private static Map<String, Double> unordered(List<String> names) {
    Map<String, Double> ordered = new LinkedHashMap<>();
    names.forEach(name -> ordered.put(name, 1.0));
    return Collections.unmodifiableMap(ordered);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1", "9223372036854775807"})
  void aTableWithOtherEpochsIsRefused(String epoch) {
    assertThrows(IllegalArgumentException.class,
        () -> History.ofCsv("epoch,train_loss,rate\n" + epoch + ",1,1\n"));
    assertThrows(IllegalArgumentException.class, () -> History.ofCsv("epoch,train_loss,a,a,rate\n0,1,1,1,1\n"));
  }
}
