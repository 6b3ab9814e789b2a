package org.orrery.examples.shakespeare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.FormatException;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.TrainingRun;

class ShakespeareTest {
  private static final String LINE = "to be or not to be, that is the question.\n";

  private static Text text() throws FormatException {
    return Text.of("test", LINE.repeat(100));
  }

  /// A text of one line over and over costs next to nothing, once it is known.
  @Test
  void bothModelsLearnALineByHeart() throws FormatException {
    Text text = text();
    for (Shakespeare.Recipe recipe : Shakespeare.Recipe.values()) {
      Shakespeare.Report report = Shakespeare.train(text, recipe, 24, Key.of(1), TrainingRun.silent());
      assertTrue(report.bits() < 2, report.toString()); // 16 kinds of characters cost about 4 bits each
      String written = Shakespeare.sample(text, report.model(), "\n", 40, 0.5, Key.of(2));
      assertEquals(41, written.length());
      assertEquals(written, Shakespeare.sample(text, report.model(), "\n", 40, 0.5, Key.of(2)));
    }
  }

  /// A reader that is fed piece by piece says what the whole pass says.
  @Test
  void readersAgreeWithTheWholePass() throws FormatException {
    Text text = text();
    List<CharacterModel> models = List.of(LstmModel.create(text.kinds(), 5, 7, Key.of(1)),
        TransformerModel.create(text.kinds(), 16, 8, 2, 2, Key.of(1)));
    for (CharacterModel model : models) {
      int[] symbols = text.symbols(3, 15);
      float[] whole = model.logits(Indices.of(symbols), 1, symbols.length, Mode.inference()).toArray();
      CharacterModel.Reader reader = model.reader();
      float[] parts = Tensor.concat(0, reader.read(text.symbols(3, 4)), reader.read(text.symbols(4, 11)),
          reader.read(text.symbols(11, 15))).toArray();
      assertArrayEquals(whole, parts, 1e-5f);
    }
  }

  /// Its places used up, a transformer reads the later half again: 8 of 16 characters before the next.
  @Test
  void aTransformerForgetsTheEarlierHalf() throws FormatException {
    Text text = text();
    TransformerModel model = TransformerModel.create(text.kinds(), 16, 8, 2, 1, Key.of(1));
    float[] far = model.reader().read(text.symbols(0, 17)).select(0, 16).toArray();
    float[] later = model.reader().read(text.symbols(8, 17)).select(0, 8).toArray();
    assertArrayEquals(later, far, 1e-5f);
  }

  @Test
  void refusesWhatIsNoText(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("file.txt");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    refused("no text in UTF-8", file);
    Files.writeString(file, "short", StandardCharsets.UTF_8);
    refused("5 characters of 5 kinds", file);
    Files.writeString(file, "a".repeat(5000), StandardCharsets.UTF_8);
    refused("5000 characters of 1 kinds", file);
    assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> Shakespeare.Recipe.named("gpt"))
        .getMessage()).contains("lstm or transformer"));
  }

  private static void refused(String part, Path file) {
    String message = String.valueOf(assertThrows(IOException.class, () -> Text.read(file)).getMessage());
    assertTrue(message.contains(part), message);
  }
}
