package org.orrery.io;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The part of Python's pickle language that plain data need, protocols 2 to 5. It makes no object of any Java class
/// but those here: what a pickle calls is a name, and [Constructors] know what a call of it gives, or it is [Skipped].
/// Every opcode charges what it makes to the [Budget] of the file.
///
/// Values: `Long`, `BigInteger`, `Double`, `Boolean`, `String`, [#NONE], `ArrayList` for a list, `Object[]` for a tuple,
/// `LinkedHashMap` of [Key] for a dictionary, [Global], [Skipped], and what the constructors make.
final class Pickle {
  static final Object NONE = new Object() {
    @Override
    public String toString() { return "None"; }
  };

  private static final int SLOT = 24; // of the stack, with the copies that its growth makes
  private static final int OBJECT = 64;
  private static final int ENTRY = 96; // of a dictionary or the memo
  private static final int LONGEST_NAME = 4096;
  private static final int LONGEST_INTEGER = 255; // bytes; longer ones are not read

  /// A class or function that a pickle names.
  record Global(String name) {
  }

  /// An object that was not made, and what it would have been.
  record Skipped(String what) {
  }

  /// A key of a dictionary. Keys whose hash codes are equal are ordered, so that maps stay fast.
  ///
  /// @param number whether it is not a text
  record Key(String text, boolean number) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int order = text.compareTo(other.text);
      return order != 0 ? order : Boolean.compare(number, other.number);
    }
  }

  /// What a pickle may call.
  interface Constructors {
    /// The result of a call, [Skipped] where the function is another than those that are known.
    Object call(String name, Object[] arguments) throws FormatException;

    /// The object behind a persistent identifier.
    Object persistent(Object identifier) throws FormatException;
  }

  private final CountedBytes in;
  private final String what;
  private final Constructors constructors;
  private final Budget budget;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private long start;

  private Pickle(CountedBytes in, String what, Constructors constructors, Budget budget) {
    this.in = in;
    this.what = what;
    this.constructors = constructors;
    this.budget = budget;
  }

  /// The value of a pickle, behind which the bytes may go on.
  ///
  /// @throws FormatException naming file and byte, what came and what is required
  static Object load(CountedBytes in, String what, Constructors constructors, Budget budget) throws IOException {
    Pickle pickle = new Pickle(in, what, constructors, budget);
    while (true) {
      pickle.start = in.position();
      int opcode = in.next();
      if (opcode == '.') {
        return pickle.result();
      }
      if (!pickle.pushed(opcode) && !pickle.remembered(opcode) && !pickle.filled(opcode)) {
        pickle.called(opcode);
      }
    }
  }

  private Object result() throws FormatException {
    Object result = pop();
    if (!stack.isEmpty() || !marks.isEmpty()) {
      throw refusal(stack.size() + " values are left", "none");
    }
    return result;
  }

  /// Numbers and texts.
  private boolean pushed(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> require(between(in.next(), 2, 5), "another protocol", "2 to 5");
      case 0x95 -> require(between(in.whole(8), 0, in.remaining()), "a frame beyond the end", "a whole one");
      case 'N' -> push(NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) in.next());
      case 'M' -> push(in.whole(2));
      case 'J' -> {
        int signed = (int) in.whole(4);
        push((long) signed);
      }
      case 0x8a -> push(integer(in.next()));
      case 0x8b -> push(integer((int) in.whole(4)));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.whole(8))));
      case 'X' -> push(text(in.whole(4)));
      case 0x8c -> push(text(in.next()));
      case 0x8d -> push(text(in.whole(8)));
      case 'T' -> {
        int signed = (int) in.whole(4);
        push(bytesOrText(signed));
      }
      case 'U' -> push(bytesOrText(in.next()));
      case 'C' -> push(bytes(in.next()));
      case 'B' -> push(bytes(in.whole(4)));
      case 0x8e, 0x96 -> push(bytes(in.whole(8)));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean remembered(int opcode) throws IOException {
    switch (opcode) {
      case 'h' -> recall(in.next());
      case 'j' -> recall(in.whole(4));
      case 'q' -> remember(in.next());
      case 'r' -> remember(in.whole(4));
      case 0x94 -> remember(memo.size());
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Tuples, lists, sets and dictionaries.
  private boolean filled(int opcode) throws FormatException {
    switch (opcode) {
      case '(' -> {
        charge(SLOT);
        marks.add(stack.size());
      }
      case '0' -> pop();
      case '1' -> popMark();
      case '2' -> push(peek());
      case ')' -> push(new Object[0]);
      case 0x85, 0x86, 0x87 -> push(popLast(opcode - 0x84).toArray());
      case 't' -> push(popMark().toArray());
      case ']' -> push(new ArrayList<>());
      case 'l' -> push(new ArrayList<>(popMark()));
      case 'a' -> append(popLast(1));
      case 'e', 0x90 -> append(popMark());
      case 0x8f -> push(new Skipped("a set"));
      case 0x91 -> {
        popMark();
        push(new Skipped("a set"));
      }
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
  private void called(int opcode) throws IOException {
    switch (opcode) {
      case 'c' -> push(global());
      case 0x93 -> {
        Object name = pop();
        Object module = pop();
        if (!(module instanceof String left && name instanceof String right)) {
          throw refusal("a class named by " + kind(module) + " and " + kind(name), "two texts");
        }
        charge(2L * (left.length() + right.length())); // texts may come from the memo
        push(new Global(left + "." + right));
      }
      case 'R' -> {
        Object arguments = pop();
        push(call(pop(), arguments));
      }
      case 0x81 -> { // a class's own __new__
        Object arguments = pop();
        push(instance(pop(), arguments));
      }
      case 0x92 -> {
        List<Object> parts = popLast(3);
        push(instance(parts.getFirst(), parts.get(1)));
      }
      case 'i' -> {
        Global named = global();
        push(instance(named, popMark().toArray()));
      }
      case 'o' -> {
        List<Object> parts = popMark();
        require(!parts.isEmpty(), "an instance of nothing", "a class");
        push(instance(parts.getFirst(), parts.subList(1, parts.size()).toArray()));
      }
      case 'b' -> { // of a dictionary these are attributes, such as the versions of a state's modules
        Object state = pop();
        require(peek() instanceof Skipped || (peek() instanceof LinkedHashMap && state instanceof LinkedHashMap),
            "a state, " + kind(state) + ", of " + kind(peek()), "a dictionary's attributes, themselves a dictionary,");
      }
      case 'Q' -> push(constructors.persistent(pop()));
      default -> throw refusal("opcode 0x" + Integer.toHexString(opcode), "one of plain data in protocol 2 to 5");
    }
  }

  private Object call(Object function, Object arguments) throws FormatException {
    if (function instanceof Global global && arguments instanceof Object[] values) {
      return constructors.call(global.name(), values);
    }
    if (function instanceof Skipped && arguments instanceof Object[]) {
      return function;
    }
    throw refusal("a call of " + kind(function) + " with " + kind(arguments), "a class and a tuple");
  }

  /// Of the classes that are known none is made so, except empty dictionaries.
  private Object instance(Object type, Object arguments) throws FormatException {
    if (type instanceof Global global) {
      boolean empty = arguments instanceof Object[] values && values.length == 0;
      return empty && global.name().equals(TorchConstructors.ORDERED)
          ? new LinkedHashMap<>()
          : new Skipped(ZipArchive.shown(global.name()));
    }
    if (type instanceof Skipped) {
      return type;
    }
    throw refusal("an instance of " + kind(type), "a class");
  }

  private Global global() throws IOException {
    String module = line();
    return new Global(module + "." + line());
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

  private void charge(long bytes) throws FormatException {
    if (!budget.take(bytes)) {
      throw budget.exceeded(what + " byte " + start);
    }
  }

  /// What a value is, never its content, which may refer to itself.
  static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case Long _ -> "an integer";
      case BigInteger _ -> "an integer";
      case Double _ -> "a float";
      case Boolean _ -> "a truth value";
      case String text -> "the text '" + ZipArchive.shown(text) + "'";
      case Object[] _ -> "a tuple";
      case ArrayList<?> _ -> "a list";
      case LinkedHashMap<?, ?> _ -> "a dictionary";
      case Global global -> "the class " + ZipArchive.shown(global.name());
      case Skipped skipped -> skipped.what();
      default -> value.toString();
    };
  }

  /// Little-endian with its sign.
  private Object integer(int count) throws IOException {
    require(count >= 0, "an integer of " + count + " bytes", "at least 0");
    if (count > LONGEST_INTEGER) {
      in.skip(count);
      return new Skipped("an integer of " + count + " bytes");
    }
    byte[] bytes = in.take(count);
    for (int i = 0; i < count / 2; i++) {
      byte low = bytes[i];
      bytes[i] = bytes[count - 1 - i];
      bytes[count - 1 - i] = low;
    }
    charge(count);
    BigInteger value = count == 0 ? BigInteger.ZERO : new BigInteger(bytes);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private byte[] charged(long count) throws IOException {
    require(between(count, 0, Math.min(in.remaining(), NumberBytes.MOST_ELEMENTS)),
        in.remaining() + " bytes are left", Long.toUnsignedString(count));
    charge(4 * count); // the bytes, and characters of two bytes each
    return in.take((int) count);
  }

  private String text(long count) throws IOException {
    try {
      return decoded(charged(count));
    } catch (CharacterCodingException invalid) {
      throw new FormatException(what + " byte " + start + ": a text that is not UTF-8; UTF-8 is required", invalid);
    }
  }

  /// A text of Python 2, in which numbers of NumPy may stand, too.
  private Object bytesOrText(long count) throws IOException {
    byte[] bytes = charged(count);
    try {
      return decoded(bytes);
    } catch (CharacterCodingException noText) { // so it is the other
      return new Skipped(count + " bytes");
    }
  }

  private static String decoded(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private Object bytes(long count) throws IOException {
    in.skip(count);
    return new Skipped(count + " bytes");
  }

  private String line() throws IOException {
    byte[] name = new byte[LONGEST_NAME];
    int length = 0;
    for (int next = in.next(); next != '\n'; next = in.next()) {
      require(length < LONGEST_NAME, "a name of more than " + LONGEST_NAME + " bytes", "a shorter one");
      name[length++] = (byte) next;
    }
    charge(4L * length);
    return new String(name, 0, length, StandardCharsets.UTF_8);
  }

  private void push(Object value) throws FormatException {
    charge(SLOT + OBJECT);
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

  private void remember(long index) throws FormatException {
    charge(ENTRY);
    memo.put(index, peek());
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
    if (!(target instanceof Skipped)) {
      require(target instanceof ArrayList, "an append to " + kind(target), "a list");
      ((ArrayList<Object>) target).addAll(values);
    }
  }

  @SuppressWarnings("unchecked") // dictionaries of this machine are made here
  private void put(List<Object> pairs) throws FormatException {
    Object target = peek();
    if (!(target instanceof Skipped)) {
      require(target instanceof LinkedHashMap, "an entry of " + kind(target), "a dictionary");
      require(pairs.size() % 2 == 0, "a key without a value", "a pair");
      for (int i = 0; i < pairs.size(); i += 2) {
        charge(ENTRY);
        put((LinkedHashMap<Key, Object>) target, pairs.get(i), pairs.get(i + 1));
      }
    }
  }

  /// Puts an entry into a dictionary of this machine.
  static void put(Map<Key, Object> dictionary, Object key, Object value) {
    switch (key) { // never a container, whose hash code may have no end
      case String text -> dictionary.put(new Key(text, false), value);
      case Long _,Double _,Boolean _,BigInteger _ -> dictionary.put(new Key(key.toString(), true), value);
      default -> {
        String place = key.equals(NONE) ? "None" : "entry" + dictionary.size();
        dictionary.put(new Key(place, true),
            key.equals(NONE) ? value : new Skipped("a value whose key is " + kind(key)));
      }
    }
  }
}
