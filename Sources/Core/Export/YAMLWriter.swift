/// Writes block YAML, line by line.
///
/// Quoted values are JSON strings, which YAML 1.2 reads as they are; plain ones are for words of the
/// program's own.
struct YAMLWriter {
  private(set) var text = ""
  private var depth = 0

  init() {}

  mutating func line(_ key: String, plain value: String) { write("\(key): \(value)") }

  mutating func line(_ key: String, quoted value: String) {
    write("\(key): \(Self.quoted(value))")
  }

  /// A key whose value is on the lines that `body` writes.
  mutating func map(_ key: String, _ body: (inout YAMLWriter) -> Void) {
    write("\(key):")
    indented(body)
  }

  mutating func item(quoted value: String) { write("- \(Self.quoted(value))") }

  /// The first key of a list's item; the others follow inside `indented`.
  mutating func item(_ key: String, plain value: String) { write("- \(key): \(value)") }

  mutating func item(_ key: String, quoted value: String) {
    write("- \(key): \(Self.quoted(value))")
  }

  mutating func item(_ key: String, _ body: (inout YAMLWriter) -> Void) {
    write("- \(key):")
    depth += 2
    body(&self)
    depth -= 2
  }

  mutating func indented(_ body: (inout YAMLWriter) -> Void) {
    depth += 1
    body(&self)
    depth -= 1
  }

  private mutating func write(_ line: String) {
    text += String(repeating: "  ", count: depth) + line + "\n"
  }

  private static func quoted(_ value: String) -> String {
    var json = JSONWriter()
    json.string(value)
    return json.text
  }
}
