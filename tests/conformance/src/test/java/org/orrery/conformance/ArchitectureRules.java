package org.orrery.conformance;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.base.HasDescription;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.properties.HasSourceCodeLocation;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/// The rules that the code of the project keeps, for all packages below `root`. The root is a parameter so that the
/// same rules can be seen to bite on a small tree of violations.
record ArchitectureRules(String root) {

  /// Packages that may know each other, and the layers that they may know besides.
  private record Layer(String name, Set<String> packages, Set<String> below) {
    Layer(String name, Set<String> below) { this(name, Set.of(name), below); }
  }

  private static final List<Layer> LAYERS = List.of(
      new Layer("tensor", Set.of()),
      new Layer("opencl", Set.of("tensor")),
      new Layer("graph", Set.of("tensor")),
      new Layer("report", Set.of()),
      new Layer("message passing",
          Set.of("nn", "messagepassing", "layers", "geometry", "optimizers", "losses", "metrics", "training",
              "inference",
              "io"),
          Set.of("tensor", "graph")),
      new Layer("formats", Set.of("tensor", "graph", "message passing")),
      new Layer("equivariant", Set.of("tensor", "graph", "message passing")),
      new Layer("compat", Set.of("tensor", "graph", "message passing")),
      new Layer("testkit", Set.of("tensor", "graph", "message passing")),
      new Layer("examples", Set.of("tensor", "graph", "message passing", "equivariant", "compat", "report")),
      new Layer("conformance", Set.of("tensor", "graph", "message passing", "equivariant", "compat", "testkit")));

  private static final String VECTOR_OPERATORS = "jdk.incubator.vector.VectorOperators";

  private static final Set<String> TRANSCENDENTAL = Set.of("SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN", "ATAN2", "SINH",
      "COSH", "TANH", "EXP", "EXPM1", "LOG", "LOG10", "LOG1P", "POW", "CBRT", "HYPOT");

  private static final Pattern EMPTY_CLASS_NAME = Pattern
      .compile("Abstract\\p{Lu}.*|.*(Impl|Utils?|Helpers?|Managers?|Commons?|Internals?)");

  private static final List<String> EVERYDAY_PACKAGES = List.of("java.lang", "java.util", "java.io", "java.nio",
      "java.nio.file");

  private static final Set<String> EMPTY_PACKAGE_NAMES = Set.of("internal", "internals", "util", "utils", "impl",
      "common", "commons", "helper", "helpers", "manager", "managers");

  List<ArchRule> all() {
    return Stream
        .concat(LAYERS.stream().map(this::layerKnowsOnlyWhatIsBelow),
            Stream.of(everyClassHasALayer(), networksKnowNoGraph(), everyPackageIsNullMarked(),
                everyNameSaysSomething(),
                everyPublicNameIsItsOwn(), noTranscendentalVectorOperators(), noSumOrProductAcrossLanes(), noExit(),
                noRandomnessButKeys(), noThreadsButThePool()))
        .toList();
  }

  /// Dependencies point one way.
  List<ArchRule> layers() {
    return LAYERS.stream().map(this::layerKnowsOnlyWhatIsBelow).toList();
  }

  private ArchRule layerKnowsOnlyWhatIsBelow(Layer layer) {
    List<String> known = new ArrayList<>(packagesOf(layer));
    LAYERS.stream().filter(other -> layer.below().contains(other.name())).forEach(o -> known.addAll(packagesOf(o)));
    DescribedPredicate<JavaClass> inProject = resideInAnyPackage(root + "..");
    DescribedPredicate<JavaClass> unknown = inProject.and(not(resideInAnyPackage(known.toArray(String[]::new))));
    return noClasses().that(resideInAnyPackage(packagesOf(layer).toArray(String[]::new)))
        .should().dependOnClassesThat(unknown.as("are neither in %s nor in %s", layer.name(), layer.below()))
        .allowEmptyShould(true);
  }

  private List<String> packagesOf(Layer layer) {
    return layer.packages().stream().sorted().map(name -> root + "." + name + "..").toList();
  }

  /// A new package must say where it stands.
  ArchRule everyClassHasALayer() {
    String[] known = LAYERS.stream().flatMap(layer -> packagesOf(layer).stream()).toArray(String[]::new);
    return classes().should().resideInAnyPackage(known).allowEmptyShould(true);
  }

  ArchRule everyPackageIsNullMarked() {
    return classes().should(have("a package-info.java with @NullMarked",
        type -> type.getPackage().isAnnotatedWith(NullMarked.class))).allowEmptyShould(true);
  }

  ArchRule everyNameSaysSomething() {
    return classes().should(have("a name, and a package name, of the field",
        type -> !EMPTY_CLASS_NAME.matcher(type.getSimpleName()).matches()
            && Stream.of(type.getPackageName().split("\\.")).noneMatch(EMPTY_PACKAGE_NAMES::contains)))
        .allowEmptyShould(true);
  }

  /// What can be used without a graph does not know what one is.
  ArchRule networksKnowNoGraph() {
    return noClasses().that().resideInAPackage(root + ".nn..").should().dependOnClassesThat()
        .resideInAnyPackage(root + ".graph..", root + ".messagepassing..").allowEmptyShould(true);
  }

  /// A reader imports without a second look: no public type is called like one of the JDK's everyday packages, or like
  /// another of the project.
  ArchRule everyPublicNameIsItsOwn() {
    return classes().that().arePublic().and().areTopLevelClasses()
        .should(new ArchCondition<JavaClass>("have a name of their own") {
          private final Map<String, Long> uses = new HashMap<>();

          @Override
          public void init(Collection<JavaClass> types) {
            types.forEach(type -> uses.merge(type.getSimpleName(), 1L, Long::sum));
          }

          @Override
          public void check(JavaClass type, ConditionEvents events) {
            String name = type.getSimpleName();
            List<String> others = new ArrayList<>(
                EVERYDAY_PACKAGES.stream().map(other -> other + "." + name).filter(ArchitectureRules::isInTheJdk)
                    .toList());
            if (uses.getOrDefault(name, 0L) > 1) {
              others.add("another " + name + " of the project");
            }
            events.add(new SimpleConditionEvent(type, others.isEmpty(), type.getName() + " is called like " + others));
          }
        }).allowEmptyShould(true);
  }

  private static boolean isInTheJdk(String name) {
    return Object.class.getResource("/" + name.replace('.', '/') + ".class") != null;
  }

  /// Their results differ between machines: kernels bring their own polynomials.
  ArchRule noTranscendentalVectorOperators() {
    return noClasses().should().accessFieldWhere(describe("it is a transcendental vector operator",
        access -> access.getTargetOwner().getName().equals(VECTOR_OPERATORS)
            && TRANSCENDENTAL.contains(access.getName())))
        .allowEmptyShould(true);
  }

  /// The order of a sum or a product across lanes is not specified, so its bits may change. The operator is read from
  /// what else the method accesses: an order-free one, and neither ADD nor MUL.
  ArchRule noSumOrProductAcrossLanes() {
    Set<String> floating = Set.of("jdk.incubator.vector.FloatVector", "jdk.incubator.vector.DoubleVector");
    return codeUnits().that(describe("reduce floating-point lanes",
        (JavaCodeUnit method) -> method.getMethodCallsFromSelf().stream()
            .anyMatch(call -> call.getName().equals("reduceLanes")
                && floating.contains(call.getTargetOwner().getName()))))
        .should(have("only the operators MAX, MIN, AND or OR, which have no order", method -> {
          List<String> operators = method.getFieldAccesses().stream()
              .filter(access -> access.getTargetOwner().getName().equals(VECTOR_OPERATORS))
              .map(JavaAccess::getName).toList();
          return operators.stream().anyMatch(Set.of("MAX", "MIN", "AND", "OR")::contains)
              && operators.stream().noneMatch(Set.of("ADD", "MUL")::contains);
        }))
        .allowEmptyShould(true);
  }

  /// A library does not end its caller's process.
  ArchRule noExit() {
    return noClasses().should().callMethodWhere(describe("it ends the process",
        call -> (call.getTargetOwner().isEquivalentTo(System.class)
            || call.getTargetOwner().isEquivalentTo(Runtime.class))
            && Set.of("exit", "halt").contains(call.getName())))
        .allowEmptyShould(true);
  }

  /// What is random takes a Key.
  ArchRule noRandomnessButKeys() {
    Set<String> generators = Set.of("java.util.Random", "java.util.SplittableRandom",
        "java.util.concurrent.ThreadLocalRandom", "java.security.SecureRandom");
    return noClasses().should().dependOnClassesThat(describe("generate random numbers",
        type -> generators.contains(type.getName()) || type.getPackageName().equals("java.util.random")))
        .orShould().callMethod(Math.class, "random")
        .orShould().callMethod(Collections.class, "shuffle", List.class)
        .orShould().callMethod(UUID.class, "randomUUID")
        .allowEmptyShould(true);
  }

  /// What takes several threads takes those of `org.orrery.tensor.cpu.Parallel`, whose number is the user's: never the
  /// common pool of the machine.
  ArchRule noThreadsButThePool() {
    Set<String> common = Set.of("parallel", "parallelStream", "parallelSort", "parallelSetAll", "parallelPrefix");
    Set<String> later = Set.of("supplyAsync", "runAsync");
    return noClasses().should().dependOnClassesThat(describe("work on a fork-join pool",
        type -> type.getName().startsWith("java.util.concurrent.ForkJoin")
            || Set.of("java.util.concurrent.RecursiveAction", "java.util.concurrent.RecursiveTask",
                "java.util.concurrent.CountedCompleter").contains(type.getName())))
        .orShould().callMethodWhere(describe("it takes the threads of the common pool",
            call -> call.getTargetOwner().getName().startsWith("java.util.")
                && (common.contains(call.getName()) || (later.contains(call.getName())
                    && call.getTarget().getRawParameterTypes().size() == 1))))
        .allowEmptyShould(true);
  }

  private static <T extends HasDescription & HasSourceCodeLocation> ArchCondition<T> have(String what,
      Predicate<T> holds) {
    return new ArchCondition<>("have " + what) {
      @Override
      public void check(T item, ConditionEvents events) {
        String message = item.getDescription() + " has not " + what + " in " + item.getSourceCodeLocation();
        events.add(new SimpleConditionEvent(item, holds.test(item), message));
      }
    };
  }
}
