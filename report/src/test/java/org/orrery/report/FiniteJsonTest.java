package org.orrery.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiniteJsonTest {
  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aNumberThatIsNotFiniteIsRefusedWithItsPlace(double value) {
    Exception e = assertThrows(IllegalArgumentException.class,
        () -> FiniteJson.text(Map.of("loss", List.of(1.0, value))));
    assertEquals("json: loss[1] is " + value + "; numbers must be finite; null says that there is none",
        e.getMessage());
  }

  @Test
  void noScriptElementEndsInsideOfJson() {
    String text = FiniteJson.inScript(Map.of("name", "</script><!-- \u2028"));
    assertFalse(text.contains("<"), text);
    assertEquals("</script><!-- \u2028", FiniteJson.read(text, Map.class).get("name"));
  }

  @Test
  void aResultSurvivesItsFile() {
    GalaxyResult result = SampleGalaxies.result();
    assertEquals(result, FiniteJson.read(FiniteJson.text(result), GalaxyResult.class));
    assertTrue(FiniteJson.pretty(result).endsWith("}\n"));
  }

  @Test
  void aMissingPartIsNamed() {
    Exception e = assertThrows(IllegalArgumentException.class,
        () -> FiniteJson.read("{\"planned\": 3}", GalaxyResult.Memory.class));
    assertTrue(String.valueOf(e.getMessage()).contains("measured"), e.toString());
  }
}
