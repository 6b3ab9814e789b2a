package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("architecture")
class ArchitectureTest {
  private static final JavaClasses PROJECT = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("org.orrery");
  private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages("violations");
  private static final ArchitectureRules BROKEN = new ArchitectureRules("violations");

  static List<ArchRule> rules() {
    return new ArchitectureRules("org.orrery").all();
  }

  @Test
  void theRulesSeeTheProject() {
    assertTrue(PROJECT.contain("org.orrery.tensor.Tensor"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theProjectKeepsTheRule(ArchRule rule) {
    rule.check(PROJECT);
  }

  static Stream<Arguments> violations() {
    return Stream.of(
        Arguments.of(BROKEN.layers().getFirst(), "violations.tensor.KnowsGraph"),
        Arguments.of(BROKEN.everyClassHasALayer(), "violations.cosmos.Homeless"),
        Arguments.of(BROKEN.everyPackageIsNullMarked(), "violations.cosmos.Homeless"),
        Arguments.of(BROKEN.everyNameSaysSomething(), "violations.graph.GraphUtils"),
        Arguments.of(BROKEN.everyNameSaysSomething(), "violations.graph.internal.Hidden"),
        Arguments.of(BROKEN.networksKnowNoGraph(), "violations.nn.Observer"),
        Arguments.of(BROKEN.everyPublicNameIsItsOwn(), "violations.nn.Observer"),
        Arguments.of(BROKEN.everyPublicNameIsItsOwn(), "violations.training.KnowsTensor"),
        Arguments.of(BROKEN.noTranscendentalVectorOperators(), "violations.tensor.Lanes.exponential("),
        Arguments.of(BROKEN.noSumOrProductAcrossLanes(), "violations.tensor.Lanes.sum("),
        Arguments.of(BROKEN.noSumOrProductAcrossLanes(), "violations.tensor.Lanes.anyReduction("),
        Arguments.of(BROKEN.noExit(), "violations.training.Unruly.leave("),
        Arguments.of(BROKEN.noRandomnessButKeys(), "violations.training.Unruly.noise("),
        Arguments.of(BROKEN.noRandomnessButKeys(), "violations.training.Unruly.shuffled("),
        Arguments.of(BROKEN.noThreadsButThePool(), "violations.training.Unruly.elsewhere("),
        Arguments.of(BROKEN.noThreadsButThePool(), "violations.training.Unruly.everywhere("),
        Arguments.of(BROKEN.noThreadsButThePool(), "violations.training.Unruly.common("),
        Arguments.of(BROKEN.noThreadsButThePool(), "violations.training.Unruly.later("));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void theRuleBites(ArchRule rule, String offender) {
    List<String> found = rule.evaluate(VIOLATIONS).getFailureReport().getDetails();
    assertTrue(found.stream().anyMatch(line -> line.contains(offender)), () -> offender + " not found in " + found);
  }

  static Stream<Arguments> permissions() {
    return Stream.of(
        Arguments.of(BROKEN.layers().get(2), "violations.graph.KnowsTensor"),
        Arguments.of(BROKEN.everyPublicNameIsItsOwn(), "violations.tensor.Lanes"),
        Arguments.of(BROKEN.everyPackageIsNullMarked(), "violations.tensor.Lanes"),
        Arguments.of(BROKEN.noSumOrProductAcrossLanes(), "violations.tensor.Lanes.largest("),
        Arguments.of(BROKEN.noTranscendentalVectorOperators(), "violations.tensor.Lanes.largest("));
  }

  @ParameterizedTest
  @MethodSource("permissions")
  void theRuleLetsPassWhatIsAllowed(ArchRule rule, String innocent) {
    List<String> found = rule.evaluate(VIOLATIONS).getFailureReport().getDetails();
    assertTrue(found.stream().noneMatch(line -> line.contains(innocent)), found::toString);
  }
}
