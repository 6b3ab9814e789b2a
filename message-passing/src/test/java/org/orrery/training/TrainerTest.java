package org.orrery.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.SafeTensors;
import org.orrery.io.WholeFile;
import org.orrery.losses.SquaredError;
import org.orrery.metrics.Metrics;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.optimizers.Adam;
import org.orrery.optimizers.AdamW;
import org.orrery.optimizers.Goal;
import org.orrery.optimizers.OneCycle;
import org.orrery.optimizers.Optimizer;
import org.orrery.optimizers.ParameterGroup;
import org.orrery.optimizers.ReduceOnPlateau;
import org.orrery.optimizers.Schedule;
import org.orrery.optimizers.Sgd;
import org.orrery.optimizers.Weights;
import org.orrery.tensor.Key;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.cpu.CpuBackend;

class TrainerTest {
  @TempDir
  Path folder;

  /// tanh(x A) B with noise in training, and a statistic that counts the training calls.
  private record Network(Parameter first, Parameter second, Parameter calls) implements Block {
    static Network create(Key key) {
      return new Network(Parameter.of(Tensor.normal(key.fold(0), 3, 8)), Parameter.of(Tensor.normal(key.fold(1), 8, 1)),
          Parameter.statistic(Tensor.zeros(1)));
    }

    Tensor apply(Tensor x, Mode mode) {
      Tensor hidden = x.matmul(first.value()).tanh();
      if (mode instanceof Mode.Training training) {
        hidden = hidden.add(Tensor.normal(training.nextKey(), hidden.rows(), hidden.columns()).multiply(0.1));
        calls.refill(calls.value().add(1));
      }
      return hidden.matmul(second.value());
    }
  }

  private record Weight(Parameter w) implements Block {
  }

  private record Pair(Tensor x, Tensor y) {
  }

  private static final int SIZE = 37;

  private static Pair data() {
    Tensor x = Tensor.normal(Key.of(5), SIZE, 3);
    return new Pair(x, x.square().sum(-1).unsqueeze(1));
  }

  private static Loader<Pair, Pair> loader() { return loader(1); }

  /// The data so many times.
  private static Loader<Pair, Pair> loader(int times) {
    Pair all = data();
    List<Pair> rows = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      rows.add(new Pair(all.x().slice(0, i, i + 1), all.y().slice(0, i, i + 1)));
    }
    return Loader.of(Dataset.of(times * SIZE, i -> rows.get(i % SIZE)), 8, batch -> new Pair(
        Tensor.concat(0, batch.stream().map(Pair::x).toList()), Tensor.concat(0, batch.stream().map(Pair::y).toList())))
        .shuffled(Key.of(6));
  }

  private static Trainer<Network, Pair> trainer(Network network) {
    Pair all = data();
    return Trainer.<Network, Pair>of(network,
        (m, batch, mode) -> new SquaredError().mean(m.apply(batch.x(), mode), batch.y()), new AdamW().on(network))
        .rate(Schedule.cosine(0.02, 60, 0)).key(Key.of(7)).clipNorm(5)
        .validation(m -> Map.of("rmse",
            Metrics.rootMeanSquaredError(m.apply(all.x(), Mode.inference()), all.y())))
        .keepBest("rmse", Goal.LOWEST).averaging(new WeightAverage.Exponential(0.9));
  }

  private static float[] weights(Network network) {
    return Tensor.concat(0, network.first().value().detach().flatten(), network.second().value().detach().flatten(),
        network.calls().value()).toArray();
  }

  @Test
  void trainingLowersTheLoss() {
    History history = trainer(Network.create(Key.of(1))).train(loader(), 30);
    double before = history.rows().getFirst().trainLoss();
    assertTrue(history.last().trainLoss() < before / 2, history.toString());
  }

  @Test
  void everyNumberOfThreadsGivesTheSameBits() {
    Network one = Backends.with(CpuBackend.withThreads(1), () -> trained(Network.create(Key.of(1))));
    Network two = Backends.with(CpuBackend.withThreads(2), () -> trained(Network.create(Key.of(1))));
    assertArrayEquals(weights(one), weights(two));
  }

  private static Network trained(Network network) {
    trainer(network).train(loader(), 3);
    return network;
  }

  @Test
  void aKilledTrainingGoesOnFromItsCheckpointToTheBit() throws IOException {
    Network straight = Network.create(Key.of(1));
    Path whole = folder.resolve("whole.csv");
    trainer(straight).checkpoints(folder.resolve("whole.safetensors"), 2).table(whole).train(loader(), 9);

    Path file = folder.resolve("run.safetensors");
    Path table = folder.resolve("run.csv");
    Network killed = Network.create(Key.of(1));
    Trainer<Network, Pair> first = trainer(killed).checkpoints(file, 2).table(table).progress(new Progress() {
      @Override
      public void stepped(long epoch, long step, double loss) {
        if (step == 27) { // the middle of epoch 5; the checkpoint is of epoch 4
          throw new IllegalStateException("killed");
        }
      }
    });
    assertThrows(IllegalStateException.class, () -> first.train(loader(), 9));

    Network resumed = Network.create(Key.of(99));
    History history = trainer(resumed).key(Key.of(98)).checkpoints(file, 2).table(table).resumeIfPresent()
        .train(loader(), 9);
    assertEquals(Files.readString(whole), Files.readString(table));
    assertEquals(9, history.rows().size());
    assertArrayEquals(weights(straight), weights(resumed));
    assertEquals(Checkpoint.read(folder.resolve("whole.safetensors")).content(), Checkpoint.read(file).content());
  }

  @Test
  void patienceEndsTrainingAndTheBestWeightsComeBack() {
    Parameter w = Parameter.of(Tensor.zeros(1));
    Block model = new Weight(w);
    double[] metrics = {5, 3, 4, 1, 2, 2, 2, 0};
    int[] epoch = {0};
    // the gradient is -1, so w counts the steps: 4 after the best epoch
    History history = Trainer
        .<Block, Integer>of(model, (m, batch, mode) -> w.value().negate().sum(), new Sgd().on(model))
        .rate(Schedule.constant(1)).validation(m -> Map.of("metric", metrics[epoch[0]++]))
        .keepBest("metric", Goal.LOWEST).patience(3).train(Batches.fullBatch(0), 8);
    assertEquals(7, history.rows().size());
    assertEquals(4, w.value().item());
  }

  @Test
  void patienceEndsATrainingWhoseMetricIsNeverANumber() {
    Network network = Network.create(Key.of(1));
    Trainer<Network, Pair> trainer = trainer(network).validation(m -> Map.of("rmse", Double.NaN)).patience(3);
    assertEquals(3, trainer.train(loader(), 20).rows().size());
  }

  @Test
  void averagesAreWhatTheirDefinitionsSay() { // w is 1, 2, 3, 4 after the epochs
    Parameter w = Parameter.of(Tensor.zeros(1));
    Block model = new Weight(w);
    List<Double> measured = new ArrayList<>();
    Trainer<Block, Integer> trainer = Trainer.<Block, Integer>of(model,
        (m, batch, mode) -> w.value().negate().sum(), new Sgd().on(model)).rate(Schedule.constant(1))
        .validation(m -> {
          measured.add((double) w.value().item());
          return Map.of();
        }).averaging(new WeightAverage.Stochastic(1, 2));
    trainer.train(Batches.fullBatch(0), 4);
    assertEquals(List.of(1.0, 2.0, 2.0, 3.0), measured); // 2, then the mean of 2 and 4
    assertEquals(3, w.value().item());
    trainer.train(Batches.fullBatch(0), 5); // goes on from 4, not from the average
    assertEquals(5, Weights.at(trainer.checkpoint().model(), "w").item());

    WeightAverage exponential = new WeightAverage(model, new WeightAverage.Exponential(0.75));
    for (float value : new float[] {4, 8, 0}) { // 4; 3 + 2 = 5; 3.75
      w.refill(Tensor.of(new float[] {value}));
      exponential.afterStep();
    }
    assertEquals(3.75, exponential.within(() -> w.value().item()), 1e-6);
    assertEquals(0, w.value().item());
  }

  @Test
  void aLossThatIsNotFiniteStopsAtItsEpochAndStep() {
    Network network = Network.create(Key.of(1));
    float[] before = weights(network);
    Trainer<Network, Pair> trainer = Trainer.of(network,
        (m, batch, mode) -> m.apply(batch.x(), mode).sum().multiply(Double.NaN), new Adam().on(network));
    String message = assertThrows(ArithmeticException.class, () -> trainer.train(loader(), 1)).toString();
    assertTrue(message.contains("epoch 0, step 0") && message.contains("checkingForNaN"), message);
    assertEquals(before[0], weights(network)[0]);
  }

  @Test
  void aStepKeepsNoMemory() {
    Network network = Network.create(Key.of(1));
    Trainer<Network, Pair> trainer = trainer(network);
    Scope.run(scope -> {
      List<Long> live = new ArrayList<>();
      Loader<Pair, Pair> loader = Scope.outside(TrainerTest::loader);
      trainer.progress(new Progress() {
        @Override
        public void stepped(long epoch, long step, double loss) {
          live.add(scope.liveBytes());
        }
      }).train(loader, 4);
      assertEquals(Set.of(0L), new HashSet<>(live));
      assertEquals(0, scope.liveBytes());
    });
  }

  @Test
  void anOptimizerOfAnotherModelIsRefused() {
    Network network = Network.create(Key.of(1));
    Optimizer stranger = new Sgd().on(Network.create(Key.of(2)));
    assertThrows(IllegalArgumentException.class,
        () -> Trainer.<Network, Pair>of(network, (m, batch, mode) -> Tensor.of(0), stranger));
  }

  @Test
  void aLossWithoutParametersIsRefused() {
    Network network = Network.create(Key.of(1));
    Trainer<Network, Pair> trainer = Trainer.of(network, (m, batch, mode) -> Tensor.of(1), new Sgd().on(network));
    assertThrows(IllegalArgumentException.class, () -> trainer.train(loader(), 1));
  }

  @Test
  void aDatasetMayKeepWhatItMade() {
    Pair all = data();
    Map<Integer, Pair> kept = new LinkedHashMap<>();
    Dataset<Pair> dataset = Dataset.of(SIZE, i -> kept.computeIfAbsent(i,
        row -> new Pair(all.x().slice(0, row, row + 1), all.y().slice(0, row, row + 1))));
    Loader<Pair, Pair> loader = Loader.of(dataset, 8, batch -> new Pair(
        Tensor.concat(0, batch.stream().map(Pair::x).toList()),
        Tensor.concat(0, batch.stream().map(Pair::y).toList()))).shuffled(Key.of(6));
    Network network = Network.create(Key.of(1));
    History history = trainer(network).validationLoss(loader).keepBest("validation_loss", Goal.LOWEST)
        .train(loader, 3);
    Network other = Network.create(Key.of(1));
    assertEquals(history, trainer(other).validationLoss(loader()).keepBest("validation_loss", Goal.LOWEST)
        .train(loader(), 3));
  }

  @Test
  void validationHoldsOneBatchAtATime() {
    Network network = Network.create(Key.of(1));
    List<Long> peaks = new ArrayList<>();
    for (int times : new int[] {1, 20}) {
      Loader<Pair, Pair> validation = loader(times);
      Scope.run(scope -> {
        trainer(network).validationLoss(validation).keepBest("validation_loss", Goal.LOWEST)
            .train(Scope.outside(TrainerTest::loader), 1);
        peaks.add(scope.peakBytes());
      });
    }
    assertEquals(peaks.getFirst(), peaks.getLast());
  }

  @Test
  void aCheckpointOfOtherSettingsIsRefusedNamingThem() {
    Trainer<Network, Pair> trainer = trainer(Network.create(Key.of(1)));
    trainer.train(loader(), 1);
    Checkpoint checkpoint = trainer.checkpoint();
    Network network = Network.create(Key.of(2));
    float[] before = weights(network);
    Map<String, UnaryOperator<Trainer<Network, Pair>>> changes = Map.of(
        "rate", t -> t.rate(Schedule.cosine(0.02, 61, 0)),
        "rate ", t -> t.ratePerEpoch(Schedule.cosine(0.02, 60, 0)),
        "best", t -> t.keepBest("rmse", Goal.HIGHEST),
        "best ", t -> t.keepBest(History.TRAIN_LOSS, Goal.LOWEST),
        "norm limit", t -> t.clipNorm(4),
        "value limit", t -> t.clipValue(4),
        "averaging", t -> t.averaging(new WeightAverage.Exponential(0.8)));
    changes.forEach((name, change) -> assertRefused("setting " + name.strip() + " was ",
        change.apply(trainer(network)), checkpoint));
    for (Optimizer optimizer : List.of(new Adam().on(network), new AdamW().withBetas(0.8, 0.9).on(network))) {
      assertRefused("setting optimizer was AdamW[beta1=0.9, ", settled(network, optimizer), checkpoint);
    }
    List<ParameterGroup> groups = List.of(new ParameterGroup(List.of(network.first()), 0.01, 1),
        new ParameterGroup(List.of(network.second()), 0, 1));
    assertRefused("setting groups was ", settled(network, new AdamW().on(groups)), checkpoint);
    assertArrayEquals(before, weights(network));
    settled(network, new AdamW().on(network)).resume(checkpoint);
    assertArrayEquals(Weights.at(checkpoint.model(), "first").toArray(), network.first().value().toArray());
  }

  /// As [#trainer], with another optimizer.
  private static Trainer<Network, Pair> settled(Network network, Optimizer optimizer) {
    return Trainer.<Network, Pair>of(network, (m, batch, mode) -> Tensor.of(0), optimizer)
        .rate(Schedule.cosine(0.02, 60, 0)).clipNorm(5).keepBest("rmse", Goal.LOWEST)
        .averaging(new WeightAverage.Exponential(0.9));
  }

  private static void assertRefused(String part, Trainer<Network, Pair> trainer, Checkpoint checkpoint) {
    String message = assertThrows(IllegalArgumentException.class, () -> trainer.resume(checkpoint), part).toString();
    assertTrue(message.contains(part), message);
  }

  @Test
  void settingsAreTheSameWordsInEveryProcess() { // no address of an object or of a lambda
    Network network = Network.create(Key.of(1));
    Map<String, String> settings = trainer(network).rate(step -> 1).checkpoint().settings();
    settings.forEach((name, text) -> assertFalse(text.contains("@") || text.contains("0x"), name + " " + text));
    List<Schedule> schedules = List.of(Schedule.constant(1), Schedule.stepped(1, 2, 3),
        Schedule.milestones(1, List.of(2), 3), Schedule.exponential(1, 2), Schedule.linear(1, 2, 3, 4),
        Schedule.constantFactor(1, 2, 3), Schedule.polynomial(1, 2, 3), Schedule.cosine(1, 2, 3),
        Schedule.warmUp(1, 2, Schedule.constant(3)), Schedule.chained(1, List.of(Schedule.constant(3))),
        new ReduceOnPlateau(1, new ReduceOnPlateau.Options()), new OneCycle(1, 10));
    schedules.forEach(schedule -> assertFalse(schedule.toString().contains("@"), schedule.toString()));
    assertEquals(schedules.size(), schedules.stream().map(Object::toString).distinct().count());
  }

  @Test
  void afterResumptionSettingsStay() {
    Trainer<Network, Pair> first = trainer(Network.create(Key.of(1)));
    first.train(loader(), 1);
    Trainer<Network, Pair> trainer = trainer(Network.create(Key.of(1))).resume(first.checkpoint());
    List<Executable> setters = List.of(() -> trainer.key(Key.of(1)), () -> trainer.rate(Schedule.constant(1)),
        () -> trainer.ratePerEpoch(Schedule.constant(1)), () -> trainer.clipNorm(1), () -> trainer.clipValue(1),
        () -> trainer.keepBest("rmse", Goal.LOWEST), () -> trainer.averaging(new WeightAverage.Exponential(0.5)),
        () -> trainer.validation(m -> Map.of()), () -> trainer.validationLoss(loader()));
    setters.forEach(setter -> assertThrows(IllegalStateException.class, setter));
    assertEquals(Key.of(7), trainer.checkpoint().place().key());
  }

  @Test
  void aTrainerThatStoppedWithinAnEpochWaitsForACheckpoint() {
    Network straight = Network.create(Key.of(1));
    trainer(straight).train(loader(), 4);

    Network network = Network.create(Key.of(1));
    int[] fatal = {7}; // the middle of the second epoch
    Trainer<Network, Pair> trainer = trainer(network).progress(new Progress() {
      @Override
      public void stepped(long epoch, long step, double loss) {
        if (step == fatal[0]) {
          throw new IllegalArgumentException("interrupted");
        }
      }
    });
    trainer.train(loader(), 1);
    Checkpoint checkpoint = Scope.outside(() -> written(trainer.checkpoint()));
    assertThrows(IllegalArgumentException.class, () -> trainer.train(loader(), 4));
    for (Executable use : List.<Executable>of(() -> trainer.train(loader(), 4), trainer::checkpoint)) {
      String message = assertThrows(IllegalStateException.class, use).toString();
      assertTrue(message.contains("epoch 1") && message.contains("resume"), message);
    }
    fatal[0] = -1;
    trainer.resume(checkpoint).train(loader(), 4);
    assertArrayEquals(weights(straight), weights(network));
  }

  private Checkpoint written(Checkpoint checkpoint) {
    try {
      checkpoint.write(folder.resolve("written"));
      return Checkpoint.read(folder.resolve("written"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void theTableHasEachEpochWhenItEnds() {
    Path table = folder.resolve("table.csv");
    List<String> seen = new ArrayList<>();
    Trainer<Network, Pair> trainer = trainer(Network.create(Key.of(1))).table(table);
    trainer.progress(new Progress() {
      @Override
      public void stepped(long epoch, long step, double loss) {
        if (step % 5 == 0) { // the first of an epoch
          seen.add(read(table));
        }
        if (step == 10) {
          delete(table);
        }
      }
    });
    History history = trainer.train(loader(), 4);
    assertEquals(List.of(0L, 2L, 3L, 4L), seen.stream().map(text -> text.lines().count()).toList());
    seen.forEach(text -> assertTrue(history.csv().startsWith(text), text));
    assertEquals(history.csv(), read(table));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void aCheckpointOfAnotherModelChangesNothingAndListsWhatDiffers() {
    Network network = Network.create(Key.of(1));
    Trainer<Network, Pair> trainer = trainer(network);
    trainer.train(loader(), 1);
    Checkpoint good = trainer.checkpoint();
    Map<String, Tensor> model = new LinkedHashMap<>(good.model());
    model.remove("first");
    model.put("second", Tensor.zeros(2));
    model.put("third", Tensor.zeros(1));
    Checkpoint bad = new Checkpoint(good.settings(), good.place(), model, good.optimizer(), good.schedule(),
        good.average(),
        good.best(), good.history());
    Network other = Network.create(Key.of(2));
    float[] before = weights(other);
    String message = assertThrows(IllegalArgumentException.class, () -> trainer(other).resume(bad)).toString();
    for (String part : List.of("model.first [3, 8] is missing", "model.second is [2], the model wants [8, 1]",
        "model.third [1] is left over")) {
      assertTrue(message.contains(part), message);
    }
    assertArrayEquals(before, weights(other));
  }

  @Test
  void aTruncatedCheckpointIsRefused() throws IOException {
    Trainer<Network, Pair> trainer = trainer(Network.create(Key.of(1)));
    trainer.train(loader(), 1);
    Path file = folder.resolve("run.safetensors");
    trainer.checkpoint().write(file);
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 100, bytes.length / 2, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThrows(IOException.class, () -> Checkpoint.read(file), "length " + length);
    }
  }

  @Test
  void aCheckpointWhoseMetadataLiesIsRefused() throws IOException {
    Trainer<Network, Pair> trainer = trainer(Network.create(Key.of(1)));
    trainer.train(loader(), 2);
    Path file = folder.resolve("run.safetensors");
    for (String[] lie : new String[][] {{"epochs", "7"}, {"steps", "-1"}, {"steps", "many"}, {"key", "1"},
      {"history", "nonsense\n1"}, {"best.value", "x"}, {"format", "another"}, {"best.epoch", "2"},
      {"best.epoch", Long.toString(Long.MAX_VALUE)}, {"best.value", "NaN"}, {"steps", "1"},
      {"steps", Long.toString(Long.MAX_VALUE)}, {"optimizer.first", Long.toString(Long.MAX_VALUE)},
      {"average.taken", Long.toString(Long.MAX_VALUE)},
      {"history", "epoch,train_loss,rmse,rate\n0,1,1,1\n9,1,1,1\n"}}) {
      Map<String, String> metadata = new TreeMap<>(trainer.checkpoint().content().metadata());
      metadata.put(lie[0], lie[1]);
      SafeTensors.of(trainer.checkpoint().content().arrays(), metadata).write(file);
      String message = assertThrows(IOException.class, () -> Checkpoint.read(file), lie[0]).toString();
      assertTrue(message.contains(file.toString()), message);
    }
  }

  @Test
  void whereACheckpointCannotBeWrittenThePreviousOneStays() throws IOException {
    Path file = folder.resolve("run.safetensors");
    Trainer<Network, Pair> trainer = trainer(Network.create(Key.of(1))).checkpoints(file, 1);
    trainer.train(loader(), 1);
    byte[] before = Files.readAllBytes(file);
    assertThrows(IOException.class, () -> WholeFile.write(file, out -> {
      out.write(before, 0, before.length / 2);
      throw new IOException("no space left on device");
    }));
    assertArrayEquals(before, Files.readAllBytes(file));
    assertEquals(1, Checkpoint.read(file).place().epochs());
    Trainer<Network, Pair> lost = trainer(Network.create(Key.of(1))).checkpoints(folder.resolve("gone/run"), 1);
    assertThrows(UncheckedIOException.class, () -> lost.train(loader(), 1));
  }

  @Test
  void theBestOfACheckpointFillsAModel() throws IOException {
    Network network = Network.create(Key.of(1));
    Trainer<Network, Pair> trainer = trainer(network).checkpoints(folder.resolve("run"), 1);
    trainer.train(loader(), 3);
    Network other = Network.create(Key.of(2));
    assertNotEquals(weights(network)[0], weights(other)[0]);
    Checkpoint.read(folder.resolve("run")).fill(other);
    assertArrayEquals(weights(network), weights(other));
  }

  @Test
  void theTerminalShowsWhereTrainingIs() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    PrintStream terminal = new PrintStream(shown, true, StandardCharsets.UTF_8);
    trainer(Network.create(Key.of(1))).progress(new TerminalProgress("epochs", terminal)).train(loader(), 2);
    String text = shown.toString(StandardCharsets.UTF_8);
    for (String part : List.of("epochs", "100%", "2/2", "loss ", "rmse ")) {
      assertTrue(text.contains(part), text);
    }
  }

  @Test
  void aScheduleThatListensIsRestored() throws IOException {
    Network network = Network.create(Key.of(1));
    Path file = folder.resolve("run");
    ReduceOnPlateau.Options options = new ReduceOnPlateau.Options().withPatience(0).withFactor(0.5);
    Map<String, Double> none = Map.of("metric", 1.0); // never better than the first
    Trainer<Network, Pair> trainer = trainer(network).ratePerEpoch(new ReduceOnPlateau(1e-3, options))
        .validation(m -> none).keepBest("metric", Goal.LOWEST).checkpoints(file, 1);
    trainer.train(loader(), 3);
    assertEquals(List.of(1e-3, 1e-3, 5e-4), trainer.history().rows().stream().map(History.Row::rate).toList());
    ReduceOnPlateau fresh = new ReduceOnPlateau(1e-3, options);
    trainer(Network.create(Key.of(1))).ratePerEpoch(fresh).keepBest("metric", Goal.LOWEST)
        .resume(Checkpoint.read(file));
    assertEquals(2.5e-4, fresh.rate(0));
  }
}
