// A PyTorch checkpoint becomes safetensors, name by name, without Python and without running anything from the file.
//
//   ./orrery run examples/scripts/ConvertCheckpoint.java [IN.pt OUT.safetensors]

import org.orrery.examples.SharedData;
import org.orrery.io.NumericArray;
import org.orrery.io.PyTorchFile;
import org.orrery.io.SafeTensors;

void main(String[] arguments) throws Exception {
  Path in = arguments.length > 0
      ? Path.of(arguments[0])
      : SharedData.folder("halographnet").orElseThrow().resolve("halomass_IllustrisTNG_CV.pt");
  Path out = arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempFile("converted", ".safetensors");

  // A pickle is a program; it is read as data here: tensors are taken, other objects are named and left alone.
  PyTorchFile checkpoint = PyTorchFile.read(in);
  checkpoint.arrays().forEach((name, array) -> IO.println(name + "  " + array.type() + " " + array.shape()));
  checkpoint.skipped().forEach((name, why) -> IO.println("left alone: " + name + ", " + why));

  // Written beside and moved into place: a reader finds the old file or the whole new one.
  SafeTensors.of(checkpoint.arrays(), Map.of("from", String.valueOf(in.getFileName()))).write(out);

  // The same bits come back.
  Map<String, NumericArray> back = SafeTensors.read(out).arrays();
  IO.println(back.equals(checkpoint.arrays()) ? "read back: the same bits" : "read back: DIFFERENT");
}
