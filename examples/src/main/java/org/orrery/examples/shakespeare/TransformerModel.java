package org.orrery.examples.shakespeare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.orrery.compat.KeyValueCache;
import org.orrery.compat.LearnedPositions;
import org.orrery.compat.TransformerEncoderLayer;
import org.orrery.compat.TransformerEncoderLayer.NormOrder;
import org.orrery.compat.TransformerEncoderLayer.Options;
import org.orrery.graph.Complete;
import org.orrery.nn.Activation;
import org.orrery.nn.Embedding;
import org.orrery.nn.Initializer;
import org.orrery.nn.LayerNorm;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// A transformer that hears only what came before: causal complete graphs, norms before each part. Radford et al. 2019, small.
///
/// @param embedding of characters
/// @param positions of their places
/// @param layers one after the other
/// @param norm before the head
/// @param head to the logits
public record TransformerModel(Embedding embedding, LearnedPositions positions, List<TransformerEncoderLayer> layers,
    LayerNorm norm, Linear head) implements CharacterModel {
  /// Copies the list.
  public TransformerModel {
    layers = List.copyOf(layers);
  }

  /// A model of these sizes.
  ///
  /// @param context how many characters it sees at most
  public static TransformerModel create(int kinds, int context, int width, int heads, int depth, Key key) {
    List<TransformerEncoderLayer> layers = new ArrayList<>();
    for (int l = 0; l < depth; l++) {
      layers.add(TransformerEncoderLayer.create(width, heads, 4 * width,
          new Options(Activation.GELU, 0, NormOrder.BEFORE), key.fold(l)));
    }
    Parameter table = Parameter.of(Initializer.normal(0, 0.05).values(Shape.of(kinds, width), key.fold("embedding")));
    return new TransformerModel(new Embedding(table, OptionalInt.empty()),
        LearnedPositions.create(context, width, key.fold("positions")), layers, LayerNorm.create(width),
        Linear.create(width, kinds, key.fold("head")));
  }

  @Override
  public Tensor logits(Indices symbols, int sequences, int length, Mode mode) {
    int width = norm.width();
    Complete before = Complete.ofEqualSizes(sequences, length, Complete.Order.CAUSAL);
    Tensor x = embedding.apply(symbols).reshape(sequences, length, width).add(positions.rows(0, length))
        .reshape(sequences * length, width);
    for (int l = 0; l < layers.size(); l++) {
      x = layers.get(l).apply(before, x, mode);
    }
    return head.apply(norm.apply(x));
  }

  @Override
  public int context() {
    return positions.weight().shape().size(0);
  }

  /// It keeps the keys and values of what it has read. When its places are used up, it reads the later half again.
  @Override
  public Reader reader() {
    return new Reader() {
      private List<KeyValueCache> caches = fresh();
      private int[] seen = {};

      @Override
      public Tensor read(int[] symbols) {
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        while (from < symbols.length) {
          if (seen.length == context()) {
            int[] later = Arrays.copyOfRange(seen, seen.length - context() / 2, seen.length);
            caches = fresh();
            seen = new int[0];
            more(later);
          }
          int to = Math.min(symbols.length, from + context() - seen.length);
          parts.add(more(Arrays.copyOfRange(symbols, from, to)));
          from = to;
        }
        return Tensor.concat(0, parts);
      }

      private List<KeyValueCache> fresh() {
        return layers.stream().map(layer -> new KeyValueCache()).toList();
      }

      private Tensor more(int[] symbols) {
        Tensor x = embedding.apply(Indices.of(symbols)).add(positions.rows(seen.length, symbols.length)).unsqueeze(0);
        for (int l = 0; l < layers.size(); l++) {
          x = layers.get(l).next(x, caches.get(l));
        }
        int before = seen.length;
        seen = Arrays.copyOf(seen, before + symbols.length);
        System.arraycopy(symbols, 0, seen, before, symbols.length);
        return head.apply(norm.apply(x.squeeze(0)));
      }
    };
  }
}
