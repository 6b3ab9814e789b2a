package org.orrery.examples.shakespeare;

import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// What says how likely each character is to come next.
public interface CharacterModel extends Block {
  /// The logits of the character after each place of sequences of one length, each seen from its beginning.
  ///
  /// @param symbols sequence after sequence
  /// @return `[sequences length, kinds]`
  Tensor logits(Indices symbols, int sequences, int length, Mode mode);

  /// How many characters before it can tell what comes next; those further back are forgotten.
  int context();

  /// A reader that has seen nothing.
  Reader reader();

  /// Reads one text, character by character.
  interface Reader {
    /// The logits of what comes after these, `[symbols, kinds]`; they follow what was read before.
    Tensor read(int[] symbols);
  }
}
