package org.orrery.examples.shakespeare;

import org.orrery.compat.Recurrent;
import org.orrery.compat.Recurrent.Options;
import org.orrery.graph.Sequences;
import org.orrery.nn.Embedding;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// A long short-term memory over embedded characters.
///
/// @param embedding of characters
/// @param memory along the text
/// @param head to the logits
public record LstmModel(Embedding embedding, Recurrent memory, Linear head) implements CharacterModel {
  /// A model of one layer.
  public static LstmModel create(int kinds, int embedded, int width, Key key) {
    return new LstmModel(Embedding.create(kinds, embedded, key.fold("embedding")),
        Recurrent.lstm(embedded, width, Options.plain(), key.fold("memory")),
        Linear.create(width, kinds, key.fold("head")));
  }

  @Override
  public Tensor logits(Indices symbols, int sequences, int length, Mode mode) {
    return head
        .apply(memory.apply(Sequences.ofEqualLengths(sequences, length), embedding.apply(symbols), mode).states());
  }

  @Override
  public int context() {
    return Integer.MAX_VALUE;
  }

  /// It carries the state from each call to the next.
  @Override
  public Reader reader() {
    return new Reader() {
      private Recurrent.State state = memory.zeros(1);

      @Override
      public Tensor read(int[] symbols) {
        Recurrent.Output out = memory.apply(Sequences.of(symbols.length), embedding.apply(Indices.of(symbols)), state,
            Mode.inference());
        state = out.last();
        return head.apply(out.states());
      }
    };
  }
}
