package org.orrery.nn;

import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the fields of a block: the parts in them, and what else may hold one.
final class PartFinder {
  /// What the fields of one block hold.
  ///
  /// @param parts each a [Parameter] or a [Block], by name, in declaration order
  /// @param elsewhere objects that parts are not looked for in
  record Found(Map<String, Object> parts, List<Place> elsewhere) {
  }

  /// An object and where it stands.
  record Place(String name, Object object) {
  }

  private static final String CAPTURED = "(captured by a lambda)";

  /// The instance fields of a class that may hold a part, inherited ones first.
  private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
    @Override
    protected List<Field> computeValue(Class<?> type) {
      if (knowsNoParts(type)) {
        return List.of();
      }
      Class<?> parent = type.getSuperclass();
      List<Field> fields = new ArrayList<>(parent == null ? List.of() : FIELDS.get(parent));
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          fields.add(field);
        }
      }
      return List.copyOf(fields);
    }
  };

  private PartFinder() {
  }

  /// The parts in the fields of a block.
  ///
  /// @throws IllegalStateException naming a field that holds a part and is not final
  static Found in(Block block) {
    Found found = new Found(new LinkedHashMap<>(), new ArrayList<>());
    for (Field field : FIELDS.get(block.getClass())) {
      Object value = valueOf(field, block);
      if (!Modifier.isFinal(field.getModifiers())) {
        requireNoPart(field, value);
      }
      if (block.getClass().isHidden()) {
        addElsewhere(CAPTURED, value, found);
      } else if (!isOuterInstance(field)) {
        add(nameOf(field), value, found);
      }
    }
    return found;
  }

  private static void add(String name, @Nullable Object value, Found found) {
    switch (value) {
      case null -> {
      }
      case Parameter part -> found.parts.put(name, part);
      case Block part -> found.parts.put(name, part);
      case Optional<?> optional -> add(name, optional.orElse(null), found);
      case List<?> list -> addAll(name, list, found);
      case Object[] array -> addAll(name, Arrays.asList(array), found);
      case Map<?, ?> map -> byName(map).forEach((key, each) -> add(name + "." + key, each, found));
      default -> addElsewhere(name, value, found);
    }
  }

  private static void addAll(String name, List<?> list, Found found) {
    int position = 0;
    for (Object each : list) {
      add(name + "." + position++, each, found);
    }
  }

  private static void addElsewhere(String name, @Nullable Object value, Found found) {
    if (value != null && mayHoldParts(value)) {
      found.elsewhere.add(new Place(name, value));
    }
  }

  /// The parameters that can be reached from an object, by the way there.
  static Map<String, Parameter> reachable(Place from) {
    Map<String, Parameter> reached = new LinkedHashMap<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Place> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      Place place = open.pop();
      if (place.object instanceof Parameter parameter) {
        reached.putIfAbsent(place.name, parameter);
      } else if (mayHoldParts(place.object) && seen.add(place.object)) {
        inside(place).filter(each -> each.object instanceof Parameter || mayHoldParts(each.object)).forEach(open::push);
      }
    }
    return reached;
  }

  private static Stream<Place> inside(Place place) {
    return switch (place.object) {
      case Collection<?> collection -> collection.stream().flatMap(each -> at(place.name, each));
      case Object[] array -> Stream.of(array).flatMap(each -> at(place.name, each));
      case Map<?, ?> map -> map.values().stream().flatMap(each -> at(place.name, each));
      case Optional<?> optional -> at(place.name, optional.orElse(null));
      case AtomicReference<?> reference -> at(place.name, reference.get());
      default -> FIELDS.get(place.object.getClass()).stream().flatMap(field -> at(
          place.name + (place.object.getClass().isHidden() ? " " + CAPTURED : "." + nameOf(field)),
          valueOf(field, place.object)));
    };
  }

  private static Stream<Place> at(String name, @Nullable Object value) {
    return value == null ? Stream.empty() : Stream.of(new Place(name, value));
  }

  private static boolean mayHoldParts(Object object) {
    return object instanceof Collection || object instanceof Object[] || object instanceof Map
        || object instanceof Optional || object instanceof AtomicReference || !knowsNoParts(object.getClass());
  }

  /// The platform knows no blocks, nor does what this package is built on.
  private static boolean knowsNoParts(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader.equals(ClassLoader.getPlatformClassLoader()) || type.isEnum()
        || type.getName().startsWith("org.orrery.tensor.") || type.getName().startsWith("org.orrery.graph.");
  }

  private static void requireNoPart(Field field, @Nullable Object value) {
    Found now = new Found(new LinkedHashMap<>(), new ArrayList<>());
    add(field.getName(), value, now);
    if (mentionsPart(field.getGenericType()) || !now.parts.isEmpty()) {
      throw new IllegalStateException(field.getDeclaringClass().getSimpleName() + ": field " + field.getName()
          + " can hold a part and is not final, so that the part could be replaced after an optimizer has it; make it final");
    }
  }

  private static boolean mentionsPart(Type type) {
    return switch (type) {
      case Class<?> plain when plain.isArray() -> mentionsPart(plain.getComponentType());
      case Class<?> plain -> plain == Parameter.class || Block.class.isAssignableFrom(plain);
      case GenericArrayType array -> mentionsPart(array.getGenericComponentType());
      case ParameterizedType container -> mentionsPart(container.getRawType())
          || (isContainer(container.getRawType())
              && Stream.of(container.getActualTypeArguments()).anyMatch(PartFinder::mentionsPart));
      case WildcardType any -> Stream.of(any.getUpperBounds()).anyMatch(PartFinder::mentionsPart);
      case TypeVariable<?> variable -> Stream.of(variable.getBounds())
          .anyMatch(bound -> bound instanceof Class<?> && mentionsPart(bound));
      default -> false;
    };
  }

  private static boolean isContainer(Type raw) {
    return raw instanceof Class<?> type && (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)
        || type == Optional.class);
  }

  /// Maps without an order of their own are sorted by the text of their keys.
  private static Map<String, Object> byName(Map<?, ?> map) {
    Map<String, Object> named = map instanceof SequencedMap ? new LinkedHashMap<>() : new TreeMap<>();
    map.forEach((key, value) -> {
      if (value != null && named.put(String.valueOf(key), value) != null) {
        throw new IllegalStateException("two parts in a map are called " + key);
      }
    });
    return named;
  }

  /// What an inner or anonymous class keeps of the object that made it.
  private static boolean isOuterInstance(Field field) {
    return field.isSynthetic() && field.getName().startsWith("this$");
  }

  /// A variable that a local class captured goes by its own name.
  private static String nameOf(Field field) {
    return field.isSynthetic() && field.getName().startsWith("val$") ? field.getName().substring(4) : field.getName();
  }

  private static @Nullable Object valueOf(Field field, Object owner) {
    try {
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("field " + field + " cannot be read", e);
    }
  }
}
