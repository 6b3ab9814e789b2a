package org.orrery.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Looks at the files and folders that a command line names before a command does any work. What an argument is follows
/// from its label: `FILE...`, `IN`, `OUT`, `MODEL` and `CATALOG` are files, `DIR` is a folder, `BOXES` is either.
final class FileArguments {
  /// The end of the label where `-` is the standard output.
  static final String OR_STANDARD_OUTPUT = "|-";
  /// The label of what may be a file or a folder.
  static final String EITHER = "BOXES";
  private static final Set<String> FILES = Set.of("IN", "OUT", "MODEL", "CATALOG");

  private FileArguments() {
  }

  /// The first argument that is something else, and what is required; null where there is none.
  static @Nullable String wrong(ParseResult parsed) {
    @Nullable
    ParseResult part = parsed;
    while (part != null) {
      for (ArgSpec argument : part.matchedArgs()) {
        List<Object> values = argument.typedValues();
        for (Object value : values) {
          String complaint = value instanceof Path path ? wrong(argument, path) : null;
          if (complaint != null) {
            return complaint;
          }
        }
      }
      part = part.subcommand();
    }
    return null;
  }

  private static @Nullable String wrong(ArgSpec argument, Path path) {
    String label = argument.paramLabel();
    String name = argument instanceof OptionSpec option ? option.longestName() : label;
    boolean isFile = label.startsWith("FILE") || FILES.contains(label);
    if (isFile && path.toString().equals("-")) {
      return label.endsWith(OR_STANDARD_OUTPUT)
          ? null
          : name + ": - is no standard stream here; a file of that name is ./-";
    }
    if (isFile && Files.isDirectory(path)) {
      return name + ": " + path + " is a folder; a file is required";
    }
    if (label.equals("DIR") && Files.exists(path) && !Files.isDirectory(path)) {
      return name + ": " + path + " is a file; a folder is required";
    }
    return null;
  }
}
