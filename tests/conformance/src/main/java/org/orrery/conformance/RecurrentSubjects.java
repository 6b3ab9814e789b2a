package org.orrery.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.orrery.compat.Recurrent;
import org.orrery.compat.Recurrent.Directions;
import org.orrery.graph.Sequences;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.RecurrentCell;

/// Recurrent layers of the area `compat`. SequenceGraphs of different lengths are packed, and padded again for the comparison.
final class RecurrentSubjects {
  private static final Key KEY = Key.of(1);

  private RecurrentSubjects() {
  }

  static void register(Map<String, Subject> all) {
    all.put("RNN", in -> run(in, switch (in.config().text("nonlinearity", "tanh")) {
      case "tanh" -> RecurrentCell.TANH;
      case "relu" -> RecurrentCell.RELU;
      default -> throw new Unsupported("no such cell");
    }));
    all.put("LSTM", in -> run(in, RecurrentCell.LSTM));
    all.put("GRU", in -> run(in, RecurrentCell.GRU));
  }

  private static Answer run(Case in, RecurrentCell cell) {
    Config c = in.config();
    c.require("dropout", "0", "0.0");
    c.require("proj_size", "0");
    c.ignore("bias");
    Directions directions = c.flag("bidirectional", false) ? Directions.BOTH : Directions.FORWARD;
    Recurrent layer = Recurrent.create(cell, c.integer("input_size"), c.integer("hidden_size"),
        new Recurrent.Options(c.integer("num_layers", 1), in.parameter("bias_ih_l0") != null, directions, 0), KEY);
    in.load(layer);
    boolean batchFirst = c.flag("batch_first", false);
    Tensor given = in.tensor("x");
    Tensor x = given.rank() == 2 ? given.unsqueeze(0) : batchFirst ? given : given.transpose(0, 1);
    int batch = x.size(0);
    int longest = x.size(1);
    int[] lengths = new int[batch];
    Arrays.fill(lengths, longest);
    if (c.has("lengths")) {
      lengths = c.integers("lengths").stream().mapToInt(Integer::intValue).toArray();
    }
    Sequences path = Sequences.of(lengths);
    Segments slots = path.padded(longest);
    Recurrent.State start = in.has("h0")
        ? new Recurrent.State(state(in.tensor("h0"), given), in.has("c0") ? state(in.tensor("c0"), given) : null)
        : layer.zeros(batch);
    Recurrent.Output out = layer.apply(path, x.reshape(batch * longest, x.columns()).gatherRows(slots), start,
        Mode.inference());
    Tensor padded = out.states().segmentSum(slots).reshape(batch, longest, out.states().columns());
    Tensor y = given.rank() == 2 ? padded.squeeze(0) : batchFirst ? padded : padded.transpose(0, 1);
    List<Tensor> all = new ArrayList<>(List.of(y, unbatched(out.last().h(), given)));
    Tensor memory = out.last().c();
    if (memory != null) {
      all.add(unbatched(memory, given));
    }
    return Answer.of(all.subList(0, in.expectedOutputs().size()).toArray(Tensor[]::new));
  }

  private static Tensor state(Tensor h, Tensor given) {
    return given.rank() == 2 ? h.unsqueeze(1) : h;
  }

  private static Tensor unbatched(Tensor h, Tensor given) {
    return given.rank() == 2 ? h.squeeze(1) : h;
  }
}
