package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.regex.Pattern;

/// Scripts of others, from their WebJars on the class path, ready to stand inside of a page that is opened from a file.
final class WebModules {
  private static final String CORE = "\"./three.core.min.js\"";

  private WebModules() {
  }

  /// An import map in which three.js and its orbit controls are `data:` addresses. Relative imports mean nothing at
  /// such an address, so the core of three.js gets a bare name.
  static String threeImportMap() {
    String module = webJar("three", "build/three.module.min.js");
    int imports = module.split(Pattern.quote(CORE), -1).length - 1;
    require(imports == 2, "three.js " + version("three"), imports + " imports of " + CORE,
        "an import and an export; another version may be cut differently");
    return "{\"imports\":{\"three-core\":\"" + Escape.dataAddress(webJar("three", "build/three.core.min.js"))
        + "\",\"three\":\"" + Escape.dataAddress(module.replace(CORE, "\"three-core\""))
        + "\",\"three/addons/controls/OrbitControls.js\":\""
        + Escape.dataAddress(webJar("three", "examples/jsm/controls/OrbitControls.js")) + "\"}}";
  }

  /// The script of uPlot.
  static String uPlot() {
    return Escape.script(webJar("uplot", "dist/uPlot.iife.min.js"));
  }

  /// The style sheet of uPlot.
  static String uPlotStyle() {
    return webJar("uplot", "dist/uPlot.min.css");
  }

  /// Of the WebJar on the class path.
  static String version(String name) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(resource("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "of unknown version");
  }

  private static String webJar(String name, String path) {
    return resource("/META-INF/resources/webjars/" + name + "/" + version(name) + "/" + path);
  }

  /// Text of the class path.
  static String resource(String path) {
    try (InputStream in = WebModules.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("page: " + path + " is not on the class path; add the jar that holds it");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("page: " + path, e);
    }
  }
}
