package org.orrery.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.orrery.tensor.Indices;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.EdgeAttentionKernels;
import org.orrery.tensor.backend.Storage;

class BackendContractTest {
  private static final Class<?>[] CONTRACTS = Stream
      .concat(Stream.of(Backend.class), KernelLaws.CONTRACTS.stream()).toArray(Class<?>[]::new);

  @TestFactory
  Stream<DynamicTest> theReferenceObeysTheContract() {
    return BackendContract.of(new Float64Kernels(), 1e-12).all();
  }

  static Stream<String> kernels() {
    return Stream.of(CONTRACTS).flatMap(contract -> Stream.of(contract.getMethods()))
        .filter(method -> !method.isDefault()).map(Method::getName).distinct();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void oneWrongNumberIsFound(String kernel) {
    BackendContract contract = BackendContract.of(wrong(kernel), 1e-6);
    Stream<DynamicTest> ofThisKernel = contract.all().filter(law -> law.getDisplayName().startsWith(kernel + " "));
    assertTrue(Stream.concat(ofThisKernel, contract.memory()).anyMatch(law -> failure(law).isPresent()),
        kernel + " is wrong and no law notices");
  }

  @Test
  void resultsThatChangeFromRunToRunAreFound() {
    Backend unsteady = new Float64Backend() {
      private int runs;

      @Override
      public Storage gatherRows(Storage x, int width, Indices rows) {
        Storage y = super.gatherRows(x, width, rows);
        if (y.size() > 0) {
          values(y)[0] *= 1 + 1e-9 * runs++;
        }
        return y;
      }
    };
    assertFound("the second run", BackendContract.of(unsteady, 1e-6).movements());
  }

  @Test
  void changedOperandsAreFound() {
    Backend careless = new Float64Backend() {
      @Override
      public Storage select(Storage condition, Storage whenTrue, Storage whenFalse) {
        for (int i = 0; i < condition.size(); i++) {
          values(whenFalse)[i] += values(condition)[i] != 0 ? 1 : 0; // where the result does not show it
        }
        return super.select(condition, whenTrue, whenFalse);
      }
    };
    assertFound("operand 2 was changed", BackendContract.of(careless, 1e-6).elementwise());
  }

  private static void assertFound(String complaint, Stream<DynamicTest> laws) {
    assertTrue(laws.flatMap(law -> failure(law).stream())
        .anyMatch(failure -> String.valueOf(failure.getMessage()).startsWith(complaint)), complaint);
  }

  private static Optional<AssertionError> failure(DynamicTest law) {
    try {
      law.getExecutable().execute();
      return Optional.empty();
    } catch (AssertionError failure) {
      return Optional.of(failure);
    } catch (Throwable broken) { // executables declare it
      throw new IllegalStateException(law.getDisplayName(), broken);
    }
  }

  /// The reference with one kernel whose last number is off by one.
  private static Backend wrong(String kernel) {
    Float64Kernels right = new Float64Kernels();
    return (Backend) Proxy.newProxyInstance(Float64Kernels.class.getClassLoader(), CONTRACTS,
        (proxy, method, arguments) -> {
          if (!method.getName().equals(kernel)) {
            return invoke(right, method, arguments);
          }
          return switch (kernel) {
            case "name" -> " ";
            case "release" -> null; // releases nothing
            case "refill" -> {
              ((Storage) arguments[0]).countRefill(); // refills nothing
              yield null;
            }
            case "adam" -> wrongInPlace(right, method, arguments, 3);
            case "accumulate" -> wrongInPlace(right, method, arguments, 0);
            case "timesDerivative" -> wrongInPlace(right, method, arguments, 4);
            default -> offByOne(invoke(right, method, arguments));
          };
        });
  }

  /// Runs a kernel that changes one of its arguments, and changes it once more.
  private static @Nullable Object wrongInPlace(Backend right, Method method, Object[] arguments, int changed)
      throws Throwable {
    Object nothing = invoke(right, method, arguments);
    offByOne(arguments[changed]);
    return nothing;
  }

  private static Object invoke(Backend backend, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(backend, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private static Object offByOne(Object result) {
    return switch (result) {
      case Storage buffer -> {
        double[] values = Float64Backend.values(buffer);
        if (values.length > 0) {
          values[values.length - 1] += 1;
        }
        yield buffer;
      }
      case Indices indices -> {
        int[] changed = indices.toArray();
        if (changed.length > 0) {
          changed[changed.length - 1]++;
        }
        yield Indices.wrap(changed);
      }
      case float[] values -> {
        if (values.length > 0) {
          values[values.length - 1] += 1;
        }
        yield values;
      }
      case double[] values -> {
        if (values.length > 0) {
          values[values.length - 1] += 1;
        }
        yield values;
      }
      case EdgeAttentionKernels.Attended attended -> {
        offByOne(attended.softmax());
        yield attended;
      }
      case EdgeAttentionKernels.Shares shares -> {
        offByOne(shares.edges());
        yield shares;
      }
      case List<?> results -> {
        offByOne(results.getLast());
        yield results;
      }
      case Integer number -> number + 1;
      default -> fail("no way to spoil " + result);
    };
  }
}
