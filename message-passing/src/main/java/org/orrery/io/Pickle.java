package org.orrery.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The part of Python's pickle language that plain data need, protocols 2 to 5. It makes no object of any Java class
/// but those here: what a pickle calls is a name, which [Constructors] know or refuse. Every opcode adds at most one
/// object of the size of its own bytes, so memory and time are proportional to the pickle.
///
/// Values: `Long`, `Double`, `Boolean`, `String`, [#NONE], `ArrayList` for a list, `Object[]` for a tuple,
/// `LinkedHashMap` for a dictionary (keys are `String` or `Long`), [Global], and what the constructors make.
final class Pickle {
  static final Object NONE = new Object() {
    @Override
    public String toString() { return "None"; }
  };

  /// A class or function that a pickle names.
  record Global(String name) {
  }

  /// What a pickle may call.
  interface Constructors {
    /// Whether a pickle may name it.
    boolean allows(String name);

    /// What may be named, for the message of a refusal.
    String allowed();

    /// The result of a call.
    Object call(String name, Object[] arguments) throws FormatException;

    /// The object behind a persistent identifier.
    Object persistent(Object identifier) throws FormatException;
  }

  private final ByteBuffer bytes;
  private final String what;
  private final Constructors constructors;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private int start;

  private Pickle(byte[] bytes, String what, Constructors constructors) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.what = what;
    this.constructors = constructors;
  }

  /// The value of a whole pickle.
  ///
  /// @throws FormatException naming file and byte, and the class where one is not allowed
  static Object load(byte[] bytes, String what, Constructors constructors) throws FormatException {
    Pickle pickle = new Pickle(bytes, what, constructors);
    while (true) {
      pickle.start = pickle.bytes.position();
      int opcode = pickle.unsigned(1);
      if (opcode == '.') {
        return pickle.result();
      }
      if (!pickle.pushed(opcode) && !pickle.filled(opcode)) {
        pickle.called(opcode);
      }
    }
  }

  private Object result() throws FormatException {
    Object result = pop();
    if (!stack.isEmpty() || !marks.isEmpty()) {
      throw refusal(stack.size() + " values are left", "none");
    }
    if (bytes.hasRemaining()) {
      throw refusal(bytes.remaining() + " bytes behind the end", "none");
    }
    return result;
  }

  /// Numbers, texts and the memo.
  private boolean pushed(int opcode) throws FormatException {
    switch (opcode) {
      case 0x80 -> require(between(unsigned(1), 2, 5), "another protocol", "2 to 5");
      case 0x95 -> require(between(whole(8), 0, bytes.remaining()), "a frame beyond the end", "a whole one");
      case 'N' -> push(NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) unsigned(1));
      case 'M' -> push((long) unsigned(2));
      case 'J' -> push((long) (int) whole(4));
      case 0x8a -> push(signed(unsigned(1)));
      case 0x8b -> push(signed(whole(4)));
      case 'G' -> {
        long bits = Long.reverseBytes(whole(8));
        push(Double.longBitsToDouble(bits));
      }
      case 'X', 'T' -> push(text(whole(4)));
      case 0x8c, 'U' -> push(text(unsigned(1)));
      case 0x8d -> push(text(whole(8)));
      case 'h' -> recall(unsigned(1));
      case 'j' -> recall(whole(4) & 0xffffffffL);
      case 'q' -> memo.put((long) unsigned(1), peek());
      case 'r' -> memo.put(whole(4) & 0xffffffffL, peek());
      case 0x94 -> memo.put((long) memo.size(), peek());
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Tuples, lists and dictionaries.
  private boolean filled(int opcode) throws FormatException {
    switch (opcode) {
      case '(' -> marks.add(stack.size());
      case '0' -> pop();
      case '1' -> popMark();
      case ')' -> push(new Object[0]);
      case 0x85, 0x86, 0x87 -> push(popLast(opcode - 0x84).toArray());
      case 't' -> push(popMark().toArray());
      case ']' -> push(new ArrayList<>());
      case 'l' -> push(new ArrayList<>(popMark()));
      case 'a' -> append(popLast(1));
      case 'e' -> append(popMark());
      case '}' -> push(new LinkedHashMap<>());
      case 'd' -> {
        List<Object> pairs = popMark();
        push(new LinkedHashMap<>());
        put(pairs);
      }
      case 's' -> put(popLast(2));
      case 'u' -> put(popMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Whatever names a class, calls it or gives it a state.
  private void called(int opcode) throws FormatException {
    switch (opcode) {
      case 'c' -> push(global(line(), line()));
      case 0x93 -> {
        Object name = pop();
        Object module = pop();
        if (!(module instanceof String left && name instanceof String right)) {
          throw refusal("a class named by " + kind(module) + " and " + kind(name), "two texts");
        }
        push(global(left, right));
      }
      case 'R' -> {
        Object arguments = pop();
        Object function = pop();
        if (!(function instanceof Global global && arguments instanceof Object[] values)) {
          throw refusal("a call of " + kind(function) + " with " + kind(arguments), "a class and a tuple");
        }
        push(constructors.call(global.name(), values));
      }
      case 'b' -> { // attributes of a dictionary, such as the versions of a state's modules
        Object state = pop();
        require(peek() instanceof LinkedHashMap && state instanceof LinkedHashMap,
            "a state, " + kind(state) + ", of " + kind(peek()), "a dictionary's attributes, themselves a dictionary,");
      }
      case 'Q' -> push(constructors.persistent(pop()));
      case 'i' -> {
        Global named = global(line(), line());
        throw refusal("an instance of " + named.name() + " by opcode INST", "REDUCE");
      }
      case 'o' -> {
        List<Object> parts = popMark();
        throw refusal("an instance of " + (parts.isEmpty() ? "nothing" : kind(parts.getFirst())) + " by opcode OBJ",
            "REDUCE");
      }
      case 0x81, 0x92 -> {
        List<Object> parts = popLast(opcode == 0x81 ? 2 : 3);
        throw refusal("an instance of " + kind(parts.getFirst()) + " by opcode NEWOBJ", "REDUCE");
      }
      default -> throw refusal("opcode 0x" + Integer.toHexString(opcode), "one of plain data in protocol 2 to 5");
    }
  }

  private Global global(String module, String name) throws FormatException {
    String whole = module + "." + name;
    if (!constructors.allows(whole)) {
      throw new FormatException(what + " byte " + start + ": the class " + ZipArchive.shown(whole)
          + "; nothing of it was made or called; allowed are " + constructors.allowed());
    }
    return new Global(whole);
  }

  private static boolean between(long value, long low, long high) {
    return value >= low && value <= high;
  }

  private void require(boolean holds, String came, String required) throws FormatException {
    if (!holds) {
      throw refusal(came, required);
    }
  }

  private FormatException refusal(String came, String required) {
    return new FormatException(what + " byte " + start + ": " + came + "; " + required + " is required");
  }

  /// What a value is, never its content, which may refer to itself.
  static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case Long _ -> "an integer";
      case Double _ -> "a float";
      case Boolean _ -> "a truth value";
      case String text -> "the text '" + ZipArchive.shown(text) + "'";
      case Object[] _ -> "a tuple";
      case ArrayList<?> _ -> "a list";
      case LinkedHashMap<?, ?> _ -> "a dictionary";
      case Global global -> "the class " + global.name();
      default -> value.toString();
    };
  }

  private void need(long count) throws FormatException {
    if (count < 0 || count > bytes.remaining()) {
      throw refusal(bytes.remaining() + " bytes are left", Long.toUnsignedString(count));
    }
  }

  private int unsigned(int count) throws FormatException {
    return (int) (whole(count) & ((1L << (8 * count)) - 1));
  }

  /// Little-endian, with its sign where it has eight bytes or four.
  private long whole(int count) throws FormatException {
    need(count);
    return switch (count) {
      case 1 -> bytes.get();
      case 2 -> bytes.getShort();
      case 4 -> bytes.getInt();
      default -> bytes.getLong();
    };
  }

  private long signed(long count) throws FormatException {
    require(between(count, 0, Long.BYTES), "an integer of " + count + " bytes", "at most 8");
    need(count);
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes.get() & 0xffL) << (8 * i);
    }
    int unused = Long.SIZE - 8 * (int) count;
    return count == 0 ? 0 : value << unused >> unused;
  }

  private String text(long count) throws FormatException {
    need(count);
    ByteBuffer part = bytes.slice(bytes.position(), (int) count);
    bytes.position(bytes.position() + (int) count);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
    } catch (CharacterCodingException invalid) {
      throw refusal("a text that is not UTF-8", "UTF-8");
    }
  }

  private String line() throws FormatException {
    int end = bytes.position();
    while (end < bytes.limit() && bytes.get(end) != '\n') {
      end++;
    }
    require(end < bytes.limit(), "a name without end", "a line");
    String text = text(end - bytes.position());
    bytes.get();
    return text;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.getLast();
  }

  private Object peek() throws FormatException {
    require(stack.size() > floor(), "an empty stack", "a value");
    return stack.getLast();
  }

  private Object pop() throws FormatException {
    peek();
    return stack.removeLast();
  }

  private List<Object> popLast(int count) throws FormatException {
    require(stack.size() - floor() >= count, "a stack of " + (stack.size() - floor()), "one of " + count);
    return cut(stack.size() - count);
  }

  private List<Object> popMark() throws FormatException {
    require(!marks.isEmpty(), "no mark", "one");
    return cut(marks.removeLast());
  }

  private List<Object> cut(int from) {
    List<Object> top = stack.subList(from, stack.size());
    List<Object> copy = List.copyOf(top);
    top.clear();
    return copy;
  }

  private void recall(long index) throws FormatException {
    Object value = memo.get(index);
    if (value == null) {
      throw refusal("memo " + index + ", which is empty", "one that was filled");
    }
    push(value);
  }

  @SuppressWarnings("unchecked") // lists of this machine hold objects
  private void append(List<Object> values) throws FormatException {
    Object target = peek();
    require(target instanceof ArrayList, "an append to " + kind(target), "a list");
    ((ArrayList<Object>) target).addAll(values);
  }

  @SuppressWarnings("unchecked") // dictionaries of this machine hold objects
  private void put(List<Object> pairs) throws FormatException {
    Object target = peek();
    require(target instanceof LinkedHashMap, "an entry of " + kind(target), "a dictionary");
    require(pairs.size() % 2 == 0, "a key without a value", "a pair");
    for (int i = 0; i < pairs.size(); i += 2) {
      Object key = pairs.get(i); // never a container, whose hash code may have no end
      require(key instanceof String || key instanceof Long, "a key that is " + kind(key), "a text or an integer");
      ((LinkedHashMap<Object, Object>) target).put(key, pairs.get(i + 1));
    }
  }
}
