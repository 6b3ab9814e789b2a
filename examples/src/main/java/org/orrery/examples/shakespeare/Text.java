package org.orrery.examples.shakespeare;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.orrery.io.FormatException;
import org.orrery.io.WholeFile;

/// A text as numbers of its characters, in the order of their code points.
public final class Text {
  private static final int LEAST = 2000;
  private static final int MOST_KINDS = 1000;

  private final int[] alphabet;
  private final int[] symbols;

  private Text(int[] alphabet, int[] symbols) {
    this.alphabet = alphabet;
    this.symbols = symbols;
  }

  /// Reads a text in UTF-8.
  ///
  /// @throws IOException where it cannot be read, is too short to learn from, or has too many kinds of characters to be one
  public static Text read(Path file) throws IOException {
    String content;
    try {
      content = Files.readString(WholeFile.requireReadable(file));
    } catch (CharacterCodingException e) {
      throw new FormatException(file + ": no text in UTF-8");
    }
    return of(file.toString(), content);
  }

  /// The numbers of a text.
  ///
  /// @param source with which messages start
  /// @throws FormatException where it is too short to learn from, or has too many kinds of characters
  static Text of(String source, String content) throws FormatException {
    int[] points = content.codePoints().toArray();
    int[] alphabet = Arrays.stream(points).distinct().sorted().toArray();
    if (points.length < LEAST || alphabet.length > MOST_KINDS || alphabet.length < 2) {
      throw new FormatException(
          source + ": " + points.length + " characters of " + alphabet.length + " kinds; at least "
              + LEAST + " of 2 to " + MOST_KINDS + " kinds are required");
    }
    int[] symbols = Arrays.stream(points).map(point -> Arrays.binarySearch(alphabet, point)).toArray();
    return new Text(alphabet, symbols);
  }

  /// How many kinds of characters.
  public int kinds() {
    return alphabet.length;
  }

  /// How many characters.
  public int length() {
    return symbols.length;
  }

  /// Where the last tenth starts, which nothing is learned from.
  public int test() {
    return symbols.length - symbols.length / 10;
  }

  /// The number of the character at a place.
  public int symbol(int place) {
    return symbols[place];
  }

  /// The numbers from a place on.
  int[] symbols(int from, int to) {
    return Arrays.copyOfRange(symbols, from, to);
  }

  /// The number of a character, or of the first, where the text has none such.
  int number(int point) {
    return Math.max(0, Arrays.binarySearch(alphabet, point));
  }

  /// The characters of these numbers.
  public String spelled(int[] numbers) {
    StringBuilder text = new StringBuilder();
    for (int number : numbers) {
      text.appendCodePoint(alphabet[number]);
    }
    return text.toString();
  }
}
