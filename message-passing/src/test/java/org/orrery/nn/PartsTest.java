package org.orrery.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.Message;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.Update;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

@SuppressWarnings({"ArrayRecordComponent", "EffectivelyPrivate", "UnusedVariable"}) // fields are read by reflection
class PartsTest {
  private static final Key KEY = Key.of(3);

  private static Parameter parameter() {
    return Parameter.of(Tensor.ones(2));
  }

  private static Linear linear() {
    return Linear.withoutBias(2, 2, KEY);
  }

  private static List<String> names(Block model) {
    return List.copyOf(model.parameters().keySet());
  }

  private static void assertRefused(Block model, String... words) {
    String message = String.valueOf(assertThrows(IllegalStateException.class, model::parameters).getMessage());
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }

  private record Leaf(Parameter weight, @Nullable Parameter bias) implements Block {
  }

  @Test
  void componentsAreFoundInTheirOrderUnderTheirNames() {
    record Model(Linear second, Parameter first, @Nullable Linear none, Leaf leaf) implements Block {
    }
    assertEquals(List.of("second.weight", "first", "leaf.weight"),
        names(new Model(linear(), parameter(), null, new Leaf(parameter(), null))));
  }

  @Test
  void arraysListsMapsAndOptionalsAreLookedInto() {
    record Model(Linear[] array, List<Linear> list, Map<String, Parameter> map, Map<String, Parameter> ordered,
        Optional<Linear> there, Optional<Linear> notThere, List<List<Parameter>> nested) implements Block {
    }
    Map<String, Parameter> ordered = new LinkedHashMap<>();
    ordered.put("z", parameter());
    ordered.put("a", parameter());
    assertEquals(
        List.of("array.0.weight", "array.1.weight", "list.0.weight", "map.b", "map.c", "ordered.z", "ordered.a",
            "there.weight", "nested.0.0", "nested.0.1", "nested.1.0"),
        names(
            new Model(new Linear[] {linear(), linear()}, List.of(linear()), Map.of("c", parameter(), "b", parameter()),
                ordered, Optional.of(linear()), Optional.empty(),
                List.of(List.of(parameter(), parameter()), List.of(parameter())))));
  }

  private static class Base implements Block {
    private final Parameter inherited = parameter();
    protected final Linear layer = linear();
  }

  private static final class Derived extends Base {
    private final Parameter own = parameter();
    private int calls;

    int calls() {
      return calls++;
    }
  }

  @Test
  void finalFieldsAreFoundInheritedOnesFirst() {
    Derived model = new Derived();
    assertEquals(0, model.calls());
    assertEquals(List.of("inherited", "layer.weight", "own"), names(model));
  }

  @Test
  void whatAnAnonymousClassCapturesIsFoundUnderItsName() {
    Linear network = linear();
    Layer layer = new Layer() {
      @Override
      public Tensor forward(Tensor x, Mode mode) {
        return network.apply(x).relu();
      }
    };
    assertEquals(List.of("network.weight"), names(layer));
  }

  private static final class Changing implements Block {
    private @Nullable Linear first;
    private List<Parameter> list = List.of();
    private Object anything = "";
  }

  @Test
  void aPartInAFieldThatIsNotFinalIsRefused() {
    assertRefused(new Changing(), "Changing", "first", "not final");
  }

  private static final class ChangingObject implements Block {
    private Object anything = linear();
  }

  @Test
  void aPartInAnUntypedFieldThatIsNotFinalIsRefused() {
    assertRefused(new ChangingObject(), "ChangingObject", "anything", "not final");
  }

  @Test
  void aPartInAContainerThatIsNotLookedIntoIsRefused() {
    record OfSet(Set<Linear> layers) implements Block {
    }
    record OfObject(Object settings) implements Block {
    }
    record Settings(Map<String, Set<Linear>> layers) {
    }
    assertRefused(new OfSet(Set.of(linear())), "OfSet", "[2, 2]", "layers.weight", "neither trained nor saved");
    assertRefused(new OfObject(new Settings(Map.of("a", Set.of(linear())))), "OfObject", "settings.layers.weight");
    record Outer(OfSet inner) implements Block {
    }
    assertRefused(new Outer(new OfSet(Set.of(linear()))), "Outer", "inner.layers.weight");
    assertEquals(List.of(), names(new OfSet(Set.of())));
  }

  @Test
  void aPartThatASupplierOrAMessageCapturesIsRefused() {
    record OfSupplier(Supplier<Linear> layer) implements Block {
    }
    Linear network = linear();
    assertRefused(new OfSupplier(() -> network), "OfSupplier", "layer (captured by a lambda).weight");
    MessagePassing passing = new MessagePassing(
        Message.of((receiver, sender, edge) -> network.apply(sender.subtract(receiver))), Aggregation.sum(),
        Update.replace());
    assertRefused(passing, "MessagePassing", "message.function (captured by a lambda).weight",
        "Message.of(network, (network, ...) -> ...)");
    Update update = (receivers, received, mode) -> network.apply(received);
    assertRefused(new MessagePassing(Message.of((receiver, sender, edge) -> sender), Aggregation.sum(), update),
        "update.(captured by a lambda).weight");
  }

  @Test
  void aLambdaMayUseWhatTheModelHoldsElsewhere() {
    record Model(Linear network, Message message) implements Block {
    }
    Linear network = linear();
    assertEquals(List.of("network.weight"),
        names(new Model(network, Message.of((receiver, sender, edge) -> network.apply(sender)))));
  }

  @Test
  void aNetworkThatIsHandedToALambdaIsFound() {
    MessagePassing passing = new MessagePassing(
        Message.of(linear(), (network, receiver, sender, edge, mode) -> network.apply(sender, mode)), Aggregation.sum(),
        Update.of(linear(), (network, receivers, received, mode) -> network.apply(received, mode)));
    assertEquals(List.of("message.network.weight", "update.network.weight"), names(passing));
  }

  @Test
  void aSharedPartCountsAndIsSavedOnceUnderItsFirstName() {
    record Tied(Linear first, Linear second, Parameter third) implements Block {
    }
    Linear shared = linear();
    Tied model = new Tied(shared, shared, shared.weight());
    assertEquals(List.of("first.weight"), names(model));
    assertEquals(1, model.trainable().size());
    assertEquals(1, State.of(model).size());
    assertEquals(4, Summary.of(model).trainable());
    assertEquals(List.of("first.weight", "second.weight", "third"), List.copyOf(Parts.of(model).everyName().keySet()));
  }

  @Test
  void tiedWeightsLoadUnderEachOfTheirNamesUnlessTheirValuesDiffer() {
    record Tied(Linear first, Linear second) implements Block {
    }
    Linear shared = linear();
    Tied model = new Tied(shared, shared);
    Tensor two = Tensor.full(shared.weight().shape(), 2);
    State.load(model, Map.of("first.weight", two, "second.weight", two));
    assertEquals(2, shared.weight().value().toArray()[0]);
    State.load(model, Map.of("second.weight", two.add(1)));
    assertEquals(3, shared.weight().value().toArray()[0]);
    String message = String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> State.load(model, Map.of("first.weight", two, "second.weight", two.add(2)))).getMessage());
    assertTrue(message.contains("second.weight is tied"), message);
    assertEquals(3, shared.weight().value().toArray()[0]);
  }

  private record Renamed(Linear network, Parameter forgotten) implements Block {
    @Override
    public void describe(Parts parts) {
      parts.block("nn", network);
    }
  }

  @Test
  void whatDescribeDoesNotNameKeepsItsOwnName() {
    assertEquals(List.of("nn.weight", "forgotten"), names(new Renamed(linear(), parameter())));
  }

  private record Silent(Linear network) implements Block {
    @Override
    public void describe(Parts parts) {
      parts.unnamed(network);
    }
  }

  @Test
  void aPartWithParametersMustHaveAName() {
    assertRefused(new Silent(linear()), "Linear", "weight");
  }

  private static final class Endless implements Block {
    private final Block[] inner = {this};
  }

  @Test
  void aBlockThatContainsItselfIsRefused() {
    assertRefused(new Endless(), "Endless", "contains itself", "inner.0");
  }
}
