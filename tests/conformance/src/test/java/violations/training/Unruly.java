package violations.training;

import java.util.Collections;
import java.util.List;
import java.util.Random;

final class Unruly {
  private Unruly() {}

  static void leave() { System.exit(3); }

  static float noise() { return new Random(1).nextFloat(); }

  static void shuffled(List<String> names) { Collections.shuffle(names); }
}
