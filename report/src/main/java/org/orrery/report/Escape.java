package org.orrery.report;

import java.util.regex.Pattern;

/// Text that must survive inside of another language.
final class Escape {
  private static final Pattern ENDS_SCRIPT = Pattern.compile("<(?=/script|!--|script)", Pattern.CASE_INSENSITIVE);

  private Escape() {
  }

  /// Text of an element or a quoted attribute of HTML or XML. Characters that XML forbids become U+FFFD.
  static String text(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> {
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        default -> out.appendCodePoint(isXml(c) ? c : 0xfffd);
      }
    });
    return out.toString();
  }

  private static boolean isXml(int c) {
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe)
        || c > 0xffff;
  }

  /// A classic script inside of a script element. `<` followed by `/script`, `script` or `!--` may only stand in
  /// strings and regular expressions, where `\x3C` means the same.
  static String script(String script) {
    return ENDS_SCRIPT.matcher(script).replaceAll("\\\\x3C");
  }

  /// A module as a `data:` address inside of JSON inside of a script element: only what one of the three would misread
  /// is escaped, which costs a twentieth where base64 costs a third.
  static String dataAddress(String module) {
    StringBuilder out = new StringBuilder(module.length() + module.length() / 16)
        .append("data:text/javascript;charset=utf-8,");
    for (int i = 0; i < module.length(); i++) {
      char c = module.charAt(i);
      switch (c) {
        case '%' -> out.append("%25");
        case '#' -> out.append("%23");
        case '"' -> out.append("%22");
        case '\\' -> out.append("%5C");
        case '<' -> out.append("%3C");
        case '\n' -> out.append("%0A");
        case '\r' -> out.append("%0D");
        case '\t' -> out.append("%09");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
