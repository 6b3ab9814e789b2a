package org.orrery.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.nn.Linear;
import org.orrery.nn.State;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;

class PyTorchFileTest {
  @TempDir
  private Path folder;

  /// Writes a pickle opcode by opcode, as the description of the language in Python's pickletools has them.
  static final class Opcodes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Opcodes add(int... bytes) {
      for (int each : bytes) {
        out.write(each);
      }
      return this;
    }

    private Opcodes line(String text) {
      out.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
      return this;
    }

    private Opcodes global(String module, String name) {
      return add('c').line(module).line(name);
    }

    private Opcodes text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return add('X').raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length)).raw(bytes);
    }

    private Opcodes integer(int value) {
      return add('J').raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value));
    }

    private Opcodes raw(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.capacity()];
      bytes.get(0, copy);
      return raw(copy);
    }

    private Opcodes raw(byte... bytes) {
      out.writeBytes(bytes);
      return this;
    }

    private Opcodes tuple(int... values) {
      add('(');
      for (int value : values) {
        integer(value);
      }
      return add('t');
    }

    private Opcodes storage(String type, String key, int elements) {
      return add('(').text("storage").global("torch", type + "Storage").text(key).text("cpu").integer(elements)
          .add('t', 'Q');
    }

    /// A tensor without its storage's numbers.
    private Opcodes tensor(String type, String key, int elements, int offset, int[] sizes, int[] strides) {
      return global("torch._utils", "_rebuild_tensor_v2").add('(').storage(type, key, elements).integer(offset)
          .tuple(sizes).tuple(strides).add(0x89).global("collections", "OrderedDict").add(')', 'R', 't', 'R');
    }

    private byte[] stop() {
      return add('.').out.toByteArray();
    }
  }

  private static Opcodes pickle() {
    return new Opcodes().add(0x80, 2);
  }

  private static byte[] littleEndian(int count, int width) {
    ByteBuffer bytes = ByteBuffer.allocate(count * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      switch (width) {
        case 8 -> bytes.putDouble(i);
        case 4 -> bytes.putFloat(i);
        default -> bytes.putShort(Float.floatToFloat16(i));
      }
    }
    return bytes.array();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content, boolean compressed) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    if (!compressed) {
      CRC32 sum = new CRC32();
      sum.update(content);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      entry.setCrc(sum.getValue());
    }
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] archive(byte[] pickle, Map<String, byte[]> storages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "archive/data.pkl", pickle, false);
      for (Map.Entry<String, byte[]> storage : storages.entrySet()) {
        store(zip, "archive/data/" + storage.getKey(), storage.getValue(), false);
      }
      store(zip, "archive/version", "3\n".getBytes(StandardCharsets.US_ASCII), false);
    }
    return bytes.toByteArray();
  }

  private PyTorchFile read(byte[] bytes) throws IOException {
    return PyTorchFile.read(Mutations.overwrite(folder.resolve("model.pt"), bytes));
  }

  private PyTorchFile read(Opcodes pickle, Map<String, byte[]> storages) throws IOException {
    return read(archive(pickle.stop(), storages));
  }

  private String refusal(byte[] bytes) {
    String message = String.valueOf(assertThrows(FormatException.class, () -> read(bytes)).getMessage());
    assertTrue(message.startsWith(folder.resolve("model.pt") + ": "), message);
    return message;
  }

  private String refusal(Opcodes pickle) throws IOException {
    return refusal(archive(pickle.stop(), Map.of("0", littleEndian(12, 4))));
  }

  /// {"epoch": 7, "model": OrderedDict(weight=[3, 2], bias=[3] as a Parameter), "note": "größer", "list": [1.5, (True,
  /// None)]}
  private static byte[] sample() throws IOException {
    Opcodes pickle = pickle().add('}', '(').text("epoch").integer(7)
        .text("model").global("collections", "OrderedDict").add(')', 'R', 'q', 1, '(')
        .text("weight").tensor("Float", "0", 12, 2, new int[] {3, 2}, new int[] {2, 1})
        .text("bias").global("torch._utils", "_rebuild_parameter").add('(')
        .tensor("Float", "1", 3, 0, new int[] {3}, new int[] {1})
        .add(0x88).global("collections", "OrderedDict").add(')', 'R', 't', 'R')
        .add('u').add('}').text("_metadata").add('}', 's', 'b')
        .text("note").text("größer")
        .text("list").add(']', '(', 'G').raw(ByteBuffer.allocate(8).putDouble(1.5)).add(0x88, 'N', 0x86, 'e')
        .add('u');
    return archive(pickle.stop(), Map.of("0", littleEndian(12, 4), "1", littleEndian(3, 4)));
  }

  @Test
  void aNestedStateIsReadUnderDottedNames() throws IOException {
    PyTorchFile file = read(sample());
    Map<String, NumericArray> expected = new LinkedHashMap<>();
    expected.put("model.weight", NumericArray.of(Shape.of(3, 2), 2f, 3f, 4f, 5f, 6f, 7f));
    expected.put("model.bias", NumericArray.of(Shape.of(3), 0f, 1f, 2f));
    assertEquals(expected, file.arrays());
    assertEquals(Map.of("epoch", "7", "note", "größer", "list.0", "1.5", "list.1.0", "true", "list.1.1", "None"),
        file.metadata());
  }

  @Test
  void aStateGoesIntoAModel() throws IOException {
    PyTorchFile file = read(sample());
    Linear linear = Linear.create(2, 3, Key.of(1));
    State.load(linear, file.tensors("model."));
    assertArrayEquals(new float[] {2, 3, 4, 5, 6, 7}, Objects.requireNonNull(State.of(linear).get("weight")).toArray());
    assertEquals(List.of("model.weight", "model.bias"), List.copyOf(file.tensors().keySet()));
    String message = String
        .valueOf(assertThrows(IllegalArgumentException.class, () -> file.tensors("ema.")).getMessage());
    assertTrue(message.endsWith("no tensor's name begins with ema.; there are [model.weight, model.bias]"), message);
  }

  static List<Arguments> types() {
    float[] small = {0, 1, 2};
    Shape three = Shape.of(3);
    return List.of(
        Arguments.of("Double", littleEndian(3, 8), NumericArray.of(three, 0.0, 1.0, 2.0)),
        Arguments.of("Float", littleEndian(3, 4), NumericArray.of(three, small)),
        Arguments.of("Half", littleEndian(3, 2), NumericArray.of(ElementType.F16, three, small)),
        // the upper halves of 1, -2 and 0.5
        Arguments.of("BFloat16", new byte[] {(byte) 0x80, 0x3f, 0, (byte) 0xc0, 0, 0x3f},
            NumericArray.of(ElementType.BF16, three, new float[] {1, -2, 0.5f})),
        Arguments.of("Long",
            new byte[] {1, 0, 0, 0, 0, 1, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0},
            NumericArray.of(three, (1L << 40) + 1, -1L, 0L)),
        Arguments.of("Int", new byte[] {1, 2, 0, 0, -1, -1, -1, -1, 0, 0, 0, 0}, NumericArray.of(three, 513, -1, 0)),
        Arguments.of("Short", new byte[] {1, 2, -1, -1, 0, 0},
            NumericArray.of(ElementType.I16, three, new int[] {513, -1, 0})),
        Arguments.of("Char", new byte[] {1, -1, 0}, NumericArray.of(ElementType.I8, three, new int[] {1, -1, 0})),
        Arguments.of("Byte", new byte[] {1, -1, 0}, NumericArray.of(ElementType.U8, three, new int[] {1, 255, 0})),
        Arguments.of("Bool", new byte[] {1, 0, 1}, NumericArray.of(ElementType.BOOL, three, new int[] {1, 0, 1})));
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeIsRead(String type, byte[] numbers, NumericArray expected) throws IOException {
    Opcodes pickle = pickle().tensor(type, "0", 3, 0, new int[] {3}, new int[] {1});
    assertEquals(Map.of("tensor", expected), read(pickle, Map.of("0", numbers)).arrays());
    String message = refusal(archive(pickle.out.toByteArray(), Map.of("0", new byte[numbers.length + 1])));
    assertTrue(message.contains(": tensor tensor: a storage of 3 " + expected.type() + " in "), message);
  }

  @Test
  void viewsComeOutInTheirOrder() throws IOException { // the storage holds 0, 1, ..., 11
    Map<String, byte[]> numbers = Map.of("0", littleEndian(12, 4));
    assertEquals(NumericArray.of(Shape.of(3, 4), 0f, 3f, 6f, 9f, 1f, 4f, 7f, 10f, 2f, 5f, 8f, 11f),
        read(pickle().tensor("Float", "0", 12, 0, new int[] {3, 4}, new int[] {1, 3}), numbers).array("tensor"));
    assertEquals(NumericArray.of(Shape.of(2, 1, 2), 1f, 3f, 7f, 9f),
        read(pickle().tensor("Float", "0", 12, 1, new int[] {2, 1, 2}, new int[] {6, 99, 2}).add('q', 9), numbers)
            .array("tensor"));
    assertEquals(NumericArray.of(Shape.of(), 11f),
        read(pickle().tensor("Float", "0", 12, 11, new int[0], new int[0]), numbers).array("tensor"));
    assertEquals(NumericArray.of(Shape.of(0, 5), new float[0]),
        read(pickle().tensor("Float", "0", 12, 12, new int[] {0, 5}, new int[] {5, 1}), numbers).array("tensor"));
  }

  @Test
  void expandedAndOverlappingViewsAreRead() throws IOException { // the storage holds 0, 1, ..., 11
    Map<String, byte[]> numbers = Map.of("0", littleEndian(12, 4));
    assertEquals(NumericArray.of(Shape.of(3, 2), 4f, 4f, 5f, 5f, 6f, 6f),
        read(pickle().tensor("Float", "0", 12, 4, new int[] {3, 2}, new int[] {1, 0}), numbers).array("tensor"));
    assertEquals(NumericArray.of(Shape.of(2, 3), 0f, 1f, 2f, 1f, 2f, 3f),
        read(pickle().tensor("Float", "0", 12, 0, new int[] {2, 3}, new int[] {1, 1}), numbers).array("tensor"));
    assertEquals(Shape.of(1_000_000),
        read(pickle().tensor("Float", "0", 12, 3, new int[] {1_000_000}, new int[] {0}), numbers).array("tensor")
            .shape());
  }

  static List<Arguments> wrongViews() {
    int most = Integer.MAX_VALUE;
    return List.of(
        Arguments.of(0, new int[] {13}, new int[] {1}, "inside the storage"),
        Arguments.of(1, new int[] {12}, new int[] {1}, "inside the storage"),
        Arguments.of(-1, new int[] {2}, new int[] {1}, "inside the storage"),
        Arguments.of(13, new int[] {0}, new int[] {1}, "inside the storage"),
        Arguments.of(12, new int[] {}, new int[] {}, "inside the storage"),
        Arguments.of(11, new int[] {2}, new int[] {-1}, "inside the storage"),
        Arguments.of(0, new int[] {most - 8, 1}, new int[] {most, most}, "inside the storage"),
        Arguments.of(0, new int[] {2_000_000_000}, new int[] {0}, "tensor tensor: reading takes more than "),
        Arguments.of(0, new int[] {most, most}, new int[] {0, 0}, "numbers, are allowed"),
        Arguments.of(0, new int[] {-1, 3}, new int[] {3, 1}, "numbers, are allowed"),
        Arguments.of(0, new int[] {2, 3}, new int[] {1}, "as many of each"),
        Arguments.of(0, new int[65], new int[65], "as many of each"));
  }

  @ParameterizedTest
  @MethodSource("wrongViews")
  void viewsOutsideTheirStorageAreRefused(int offset, int[] sizes, int[] strides, String complaint)
      throws IOException {
    String message = refusal(pickle().tensor("Float", "0", 12, offset, sizes, strides));
    assertTrue(message.contains(complaint), message);
  }

  @Test
  void manyViewsOfOneStorageDoNotMultiplyTheFile() throws IOException {
    int size = 1 << 20;
    Opcodes pickle = pickle().add('}');
    for (int i = 1; i < 120; i++) {
      pickle.text("view" + i).tensor("Byte", "0", size, i, new int[] {size - i}, new int[] {1}).add('s');
    }
    String message = refusal(archive(pickle.stop(), Map.of("0", new byte[size])));
    assertTrue(message.contains("at most 64 MiB and 50 times the file's size of "), message);
  }

  @Test
  void aTensorUnderTwoNamesIsOneArray() throws IOException {
    Opcodes pickle = pickle().add('}', '(');
    for (int i = 0; i < 100; i++) {
      pickle.text("tied" + i).tensor("Byte", "0", 1 << 20, 0, new int[] {1 << 20}, new int[] {1});
    }
    PyTorchFile file = read(pickle.add('u'), Map.of("0", new byte[1 << 20]));
    assertEquals(100, file.arrays().values().stream().filter(file.array("tied0")::equals).count());
  }

  /// A class of which nobody must make anything.
  static final class Trap {
    static {
      System.setProperty("org.orrery.io.trap", "loaded");
    }
  }

  /// Every way in which a pickle can name, make or call something, each of them with a file as the proof of a call.
  static List<Arguments> attacks() {
    return List.of(
        Arguments.of("os.system", pickle().global("os", "system").text("touch PROOF").add(0x85, 'R')),
        Arguments.of("posix.system", pickle().global("posix", "system").text("touch PROOF").add(0x85, 'R')),
        Arguments.of("builtins.eval", pickle().global("builtins", "eval").text("open('PROOF', 'w')").add(0x85, 'R')),
        Arguments.of("builtins.exec",
            new Opcodes().add(0x80, 4, 0x8c, 8).raw("builtins".getBytes(StandardCharsets.UTF_8))
                .add(0x8c, 4).raw("exec".getBytes(StandardCharsets.UTF_8)).add(0x93).text("open('PROOF', 'w')")
                .add(0x85, 'R')),
        Arguments.of("subprocess.Popen", pickle().add('(').text("touch PROOF").add('i').line("subprocess")
            .line("Popen")),
        Arguments.of("subprocess.Popen", pickle().add('(').global("subprocess", "Popen").text("touch PROOF").add('o')),
        Arguments.of("pathlib.Path", pickle().global("pathlib", "Path").text("PROOF").add(0x85, 0x81)),
        Arguments.of("java.lang.ProcessBuilder", pickle().global("java.lang", "ProcessBuilder").add(')', 'R')),
        Arguments.of("org.orrery.io.PyTorchFileTest$Trap",
            pickle().global("org.orrery.io", "PyTorchFileTest$Trap").add(')', 'R')),
        Arguments.of("java.util.LinkedHashMap", pickle().global("java.util", "LinkedHashMap").add(')', 'R')),
        Arguments.of("torch.load", pickle().global("torch", "load").text("PROOF").add(0x85, 'R')),
        Arguments.of("torch.FloatStorage.from_file",
            pickle().global("torch", "FloatStorage.from_file").text("PROOF").add(0x85, 'R')),
        Arguments.of("collections.OrderedDict.update",
            pickle().global("collections", "OrderedDict.update").add(')', 'R')),
        Arguments.of("torch.jit._pickle.build_intlist", pickle().global("torch.jit._pickle", "build_intlist")),
        Arguments.of("numpy.core.multiarray.scalar", pickle().global("numpy.core.multiarray", "scalar")),
        Arguments.of("__builtin__.getattr",
            pickle().global("__builtin__", "getattr").add('(').text("x").text("y")
                .add('t', 'R', ')', 'R', '}', 'b')));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void aClassThatNoStateNeedsIsNamedAndNothingRuns(String name, Opcodes pickle) throws IOException {
    Path proof = Path.of("PROOF").toAbsolutePath();
    String message = refusal(pickle);
    assertTrue(message.matches(".*: all of it is (an object of|the class) " + Pattern.quote(name)
        + ", and nothing of it was made or called; .*"), message);
    assertFalse(Files.exists(proof));
    assertFalse(Files.exists(folder.resolve("PROOF")));
    assertNull(System.getProperty("org.orrery.io.trap"));
  }

  static List<Arguments> misuses() {
    return List.of(
        Arguments.of(pickle().global("torch", "FloatStorage").add(')', 'R'),
            "all of it is an object of torch.FloatStorage"),
        Arguments.of(pickle().global("torch._utils", "_rebuild_tensor").add(')', 'R'),
            "a call of torch._utils._rebuild_tensor with []"),
        Arguments.of(pickle().add('(').global("torch", "Size").add('o'), "all of it is an object of torch.Size"),
        Arguments.of(pickle().add('(', 'i').line("torch").line("Size"), "all of it is an object of torch.Size"),
        Arguments.of(pickle().add('(', 'o'), "an instance of nothing; a class is required"),
        Arguments.of(pickle().add('N', ')', 0x81), "an instance of None; a class is required"),
        Arguments.of(pickle().add('c').line("m".repeat(5000)).line("n"), "a name of more than 4096 bytes"),
        Arguments.of(pickle().global("collections", "OrderedDict").add(']').text("a").add('a', 0x85, 'R'),
            "the text 'a' in an ordered dictionary; a pair is required"),
        Arguments.of(pickle().tensor("Float", "0", 12, 0, new int[] {2}, new int[] {1}).add('}', 'b'),
            "a state, a dictionary, of a tensor"),
        Arguments.of(pickle().text("os.system").add(')', 'R'), "a call of the text 'os.system' with a tuple"),
        Arguments.of(pickle().global("collections", "OrderedDict").add('}', 'R'),
            "with a dictionary; a class and a tuple"),
        Arguments.of(pickle().global("collections", "OrderedDict").add('}', 'b'),
            "a state, a dictionary, of the class collections.OrderedDict"),
        Arguments.of(pickle().integer(1).integer(2).add(0x93), "a class named by an integer and an integer"),
        Arguments.of(pickle().text("os.system").add('Q'), "the persistent identifier the text 'os.system'"),
        Arguments.of(pickle().integer(3).add('Q'), "the persistent identifier an integer"),
        Arguments.of(pickle().add('(').text("module").global("net", "Net").text("net.py").text("class Net")
            .add('t', 'Q', ')', 0x81, '}', 'b'), "all of it is an object of net.Net"),
        Arguments.of(pickle().add('(').text("storage").global("torch", "Size").text("0").text("cpu").integer(1)
            .add('t', 'Q'), "a storage of torch.Size; one of [torch.BFloat16Storage, "),
        Arguments.of(pickle().add('(').text("storage").global("torch", "FloatStorage").text("0").text("cpu").integer(-1)
            .add('t', 'Q'), "the persistent identifier [the text 'storage', "),
        Arguments.of(pickle().storage("Float", "0", 12), "all of it is a bare storage"),
        Arguments.of(pickle().global("torch", "Size"), "all of it is the class torch.Size"),
        Arguments.of(pickle().add('P').line("0"), "opcode 0x50"),
        Arguments.of(pickle().add(0x82, 1), "opcode 0x82"),
        Arguments.of(new Opcodes().add(0x80, 9), "another protocol; 2 to 5 is required"),
        Arguments.of(pickle().add('X', -1, -1, -1, 127), "1 bytes are left; 2147483647 is required"),
        Arguments.of(pickle().add(0x8d, 0, 0, 0, 0, 0, 0, 0, 127), "bytes are left"),
        Arguments.of(pickle().add(0x8a, 200), "1 bytes are left; 200 are required"),
        Arguments.of(pickle().add(0x8b, -1, -1, -1, -1), "an integer of -1 bytes; at least 0"),
        Arguments.of(pickle().add('h', 3), "memo 3, which is empty"),
        Arguments.of(pickle().add('}', '(').text("a").add('u'), "a key without a value"),
        Arguments.of(pickle().add('(', '0'), "an empty stack"),
        Arguments.of(pickle().add('t'), "no mark"),
        Arguments.of(pickle().add('N', 'N'), "1 values are left"),
        Arguments.of(pickle().add('}').text("a.b").add('N', 's').text("a").add('}').text("b").add('N', 's', 's'),
            "two values are called a.b"),
        Arguments.of(pickle().tensor("Float", "../0", 12, 0, new int[] {12}, new int[] {1}),
            "there is no entry archive/data/../0"));
  }

  @ParameterizedTest
  @MethodSource("misuses")
  void whatTorchNeverWritesIsRefused(Opcodes pickle, String complaint) throws IOException {
    String message = refusal(pickle);
    assertTrue(message.contains(complaint), message);
  }

  @Test
  void otherObjectsAreListedAndTheTensorsBesideThemAreRead() throws IOException {
    Opcodes pickle = pickle().add('}', '(')
        .text("weight").tensor("Float", "0", 12, 0, new int[] {12}, new int[] {1})
        .text("args").global("argparse", "Namespace").add(')', 0x81, '}').text("lr").integer(1).add('s', 'b')
        .text("best").global("numpy.core.multiarray", "scalar").add('(').global("numpy", "dtype").text("f8")
        .add(0x85, 'R').text("x").add('t', 'R')
        .text("counts").global("collections", "defaultdict").global("builtins", "int").add(0x85, 'R').text("a")
        .integer(1).add('s')
        .text("device").global("torch", "device").text("cpu").add(0x85, 'R')
        .text("state").global("net", "StateDict").add(')', 'R', '(').text("a").integer(1).add('u')
        .text("activation").global("torch.nn.functional", "relu")
        .text("wave").tensor("ComplexFloat", "1", 12, 0, new int[] {12}, new int[] {1})
        .text("names").add(0x8f, '(').text("a").add(0x90)
        .text("raw").add('C', 3, 1, 2, 3)
        .text("seed").add(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1)
        .text("keys").add('}').integer(1).integer(2).add('s', 'N').integer(3).add('s', ')').integer(4).add('s')
        .add('u');
    PyTorchFile file = read(pickle, Map.of("0", littleEndian(12, 4)));
    assertEquals(List.of("weight"), List.copyOf(file.arrays().keySet()));
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("args", "argparse.Namespace");
    expected.put("best", "numpy.core.multiarray.scalar");
    expected.put("counts", "collections.defaultdict");
    expected.put("device", "torch.device");
    expected.put("state", "net.StateDict");
    expected.put("activation", "the class torch.nn.functional.relu");
    expected.put("wave", "a tensor of torch.ComplexFloatStorage");
    expected.put("names", "a set");
    expected.put("raw", "3 bytes");
    expected.put("keys.entry2", "a value whose key is a tuple");
    assertEquals(expected, file.skipped());
    assertEquals(Map.of("seed", "18446744073709551616", "keys.1", "2", "keys.None", "3"), file.metadata());
    String message = String.valueOf(assertThrows(FormatException.class, () -> file.array("args")).getMessage());
    assertTrue(message.contains(": args is argparse.Namespace, which is not read; a tensor is required"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"neg", "conj"})
  void aTensorWhoseNumbersAreOthersThanThoseOfTheFileIsRefusedByName(String bit) throws IOException {
    for (boolean set : new boolean[] {false, true}) {
      Opcodes pickle = pickle().add('}').text("weight").global("torch._utils", "_rebuild_tensor_v2").add('(')
          .storage("Float", "0", 12).integer(0).tuple(12).tuple(1).add(0x89).global("collections", "OrderedDict")
          .add(')', 'R', '}').text(bit).add(set ? 0x88 : 0x89, 's', 't', 'R', 's');
      if (set) {
        String message = refusal(pickle);
        assertTrue(message.contains(": tensor weight: its " + bit + " bit is set, "), message);
      } else {
        assertEquals(List.of("weight"),
            List.copyOf(read(pickle, Map.of("0", littleEndian(12, 4))).arrays().keySet()));
      }
    }
  }

  @Test
  void listsInsideThemselvesAndDoubledListsEnd() throws IOException {
    String itself = refusal(pickle().add(']', 'q', 0, 'h', 0, 'a'));
    assertTrue(itself.contains("deeper than 100"), itself);
    Opcodes doubled = pickle().add(']');
    for (int i = 0; i < 90; i++) { // 2^90 empty lists
      doubled.add('q', i, 'h', i, 0x86);
    }
    String message = refusal(doubled);
    assertTrue(message.contains("reading takes more than "), message);
    Opcodes deep = pickle();
    for (int i = 0; i < 100_000; i++) {
      deep.add(']');
    }
    for (int i = 1; i < 100_000; i++) {
      deep.add('a');
    }
    assertTrue(refusal(deep).contains("deeper than 100"));
  }

  @Test
  void bombsAndTricksOfTheArchiveAreRefused() throws IOException {
    byte[] state = pickle().add('}').stop();
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bomb)) {
      store(zip, "archive/data.pkl", state, false);
      store(zip, "archive/data/0", new byte[200 << 20], true);
    }
    assertTrue(refusal(bomb.toByteArray()).contains("entry archive/data/0 of 209715200 bytes from "));
    for (String name : List.of("../data.pkl", "/etc/data.pkl", "a/../../b", "a\\b")) {
      ByteArrayOutputStream trick = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(trick)) {
        store(zip, "archive/data.pkl", state, false);
        store(zip, name, state, false);
      }
      assertTrue(refusal(trick.toByteArray()).contains("entry " + name + " leads out of the archive"));
    }
    ByteArrayOutputStream other = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(other)) {
      store(zip, "word/document.xml", state, false);
    }
    assertTrue(refusal(other.toByteArray()).contains("0 entries called FOLDER/data.pkl"));
  }

  @Test
  void aSizeThatTheArchiveOnlyClaimsIsRefused() throws IOException { // the central directory says 2^31 bytes, stored
    byte[] bytes = archive(pickle().add('}').stop(), Map.of());
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int directory = view.getInt(bytes.length - 6);
    view.putInt(directory + 20, 0x7fffffff).putInt(directory + 24, 0x7fffffff);
    refusal(bytes);
  }

  @Test
  void damagedNumbersAreFoundByTheirChecksum() throws IOException {
    byte[] bytes = archive(pickle().tensor("Float", "0", 12, 0, new int[] {12}, new int[] {1}).stop(),
        Map.of("0", littleEndian(12, 4)));
    int numbers = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("archive/data/0") + "archive/data/0".length();
    bytes[numbers + 5] ^= 1;
    assertTrue(refusal(bytes).contains("entry archive/data/0 has the checksum "));
  }

  @Test
  void aTruncatedFileIsRefusedWhereverItEnds() throws IOException {
    byte[] whole = sample();
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(FormatException.class, () -> read(part), "the first " + length + " bytes");
    }
  }

  @Test
  void filesOfAnotherFormatAreNamed() {
    byte[] other = pickle().integer(7).stop();
    assertTrue(
        refusal(other).contains("a bare pickle whose magic number is 7; 119547037146038801333356, as torch.save "));
    assertTrue(refusal(new byte[100]).contains("neither a zip archive nor a pickle"));
  }

  /// In the archive most damage is found by zip itself, so that pickles are damaged inside a whole archive, too.
  @Test
  void mutationsOfFileAndPickleEndWell() throws IOException {
    byte[] whole = sample();
    PyTorchFile original = read(whole);
    Path file = folder.resolve("mutated.pt");
    int refused = Mutations.refused(whole, file, 21, each -> {
      PyTorchFile content = PyTorchFile.read(each);
      content.arrays().forEach((name, array) -> assertEquals(original.arrays().get(name), array, name));
    });
    assertTrue(refused > Mutations.COUNT / 5 && refused < Mutations.COUNT, refused + " were refused");

    int wrong = 0;
    List<Key> keys = Key.of(22).split(Mutations.COUNT);
    byte[] pickle;
    try (ZipArchive archive = ZipArchive.open(folder.resolve("model.pt"))) {
      pickle = archive.bytes("archive/data.pkl");
    }
    Map<String, byte[]> storages = Map.of("0", littleEndian(12, 4), "1", littleEndian(3, 4));
    for (int i = 0; i < keys.size(); i++) {
      Mutations.overwrite(file, archive(Mutations.mutated(pickle, keys.get(i)), storages));
      try {
        for (NumericArray array : PyTorchFile.read(file).arrays().values()) {
          assertTrue(array.shape().elements() <= 12, "seed 22, mutation " + i);
        }
      } catch (FormatException expected) {
        wrong++;
      }
    }
    assertTrue(wrong > Mutations.COUNT / 2 && wrong < Mutations.COUNT, wrong + " were refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"halographnet/halomass_IllustrisTNG_LH.pt", "halographnet/halomass_IllustrisTNG_CV.pt"})
  void thePublishedHaloNetworksAreRead(String name) throws IOException {
    Path file = Mutations.shared(name);
    assumeTrue(file != null, "there is no shared/data/" + name + " above the module");
    Map<String, String> shapes = new LinkedHashMap<>();
    PyTorchFile.read(Objects.requireNonNull(file)).arrays()
        .forEach((tensor, array) -> shapes.put(tensor, array.toString()));
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("layers.0.mlp.0.weight", "F32 [300, 12]");
    expected.put("layers.0.mlp.0.bias", "F32 [300]");
    expected.put("layers.0.mlp.2.weight", "F32 [300, 300]");
    expected.put("layers.0.mlp.2.bias", "F32 [300]");
    expected.put("layers.0.mlp.4.weight", "F32 [100, 300]");
    expected.put("layers.0.mlp.4.bias", "F32 [100]");
    expected.put("lin.0.weight", "F32 [100, 302]");
    expected.put("lin.0.bias", "F32 [100]");
    expected.put("lin.2.weight", "F32 [100, 100]");
    expected.put("lin.2.bias", "F32 [100]");
    expected.put("lin.4.weight", "F32 [2, 100]");
    expected.put("lin.4.bias", "F32 [2]");
    assertEquals(new ArrayList<>(expected.entrySet()), new ArrayList<>(shapes.entrySet()));
  }

  @Test
  void thePublishedCosmologyNetworkIsRead() throws IOException { // 79,810 parameters, says its SOURCE.txt
    Path file = Mutations.shared("cosmographnet/cosmo_IllustrisTNG_LH.pt");
    assumeTrue(file != null, "there is no shared/data/cosmographnet above the module");
    Map<String, NumericArray> arrays = PyTorchFile.read(Objects.requireNonNull(file)).arrays();
    assertEquals(79_810, arrays.values().stream().mapToInt(array -> array.shape().elements()).sum());
    assertEquals(Shape.of(64, 11), Objects.requireNonNull(arrays.get("layers.0.edge_model.edge_mlp.0.weight")).shape());
  }
}
