import Core

/// Reads a theme from its file: YAML that lists what differs from the default.
///
///     colors:
///       frost: "#88c0d0"
///     roles:
///       running: bold frost
///       selection: bright-white on "#434c5e"
package enum ThemeFile {
  /// The theme; `file` names it in errors.
  package static func theme(
    _ bytes: [UInt8], name: String, file: String
  ) throws(ThemeError) -> Theme {
    let documents: [YAMLNode]
    do { documents = try YAML.documents(bytes, file: file) } catch {
      throw ThemeError(
        file: file, line: error.place.line, problem: error.problem, remedy: error.remedy)
    }
    var theme = Theme.standard
    theme.name = name
    guard let root = documents.first, !root.isNull else { return theme }
    var reader = ThemeReader(file: file)
    try reader.read(root, into: &theme)
    return theme
  }
}

private struct ThemeReader {
  let file: String
  private var colors: [String: Theme.Color] = [:]

  init(file: String) {
    self.file = file
  }

  mutating func read(_ root: YAMLNode, into theme: inout Theme) throws(ThemeError) {
    let sections = try entries(root, "the file")
    for section in sections where !["colors", "roles"].contains(section.key) {
      throw unknown("section", section.key, among: ["colors", "roles"], section.place)
    }
    for section in sections where section.key == "colors" {
      for entry in try entries(section.value, "colors") {
        let word = try text(entry)
        guard let color = ThemeWords.color(word, colors) else {
          throw unknown("colour", word, among: colorNames, entry.value.place)
        }
        colors[entry.key] = color
      }
    }
    for section in sections where section.key == "roles" {
      for entry in try entries(section.value, "roles") {
        guard let role = Role(rawValue: entry.key) else {
          throw unknown("role", entry.key, among: Role.allCases.map(\.rawValue), entry.place)
        }
        theme.looks[role] = try look(entry)
      }
    }
  }

  private var colorNames: [String] { colors.keys.sorted() + ThemeWords.names.keys.sorted() }

  private func look(_ entry: YAMLNode.Entry) throws(ThemeError) -> Theme.Look {
    switch ThemeWords.look(try text(entry), colors) {
    case .success(let look): return look
    case .failure(let wrong):
      let known = colorNames + ThemeWords.attributes
      throw unknown("colour or attribute", wrong.word, among: known, entry.value.place)
    }
  }

  private func entries(
    _ node: YAMLNode, _ name: String
  ) throws(ThemeError) -> [YAMLNode.Entry] {
    if node.isNull { return [] }
    if let entries = node.mapping { return entries }
    throw ThemeError(
      file: file, line: node.place.line, problem: "\(name) is not a list of \"name: value\"",
      remedy: "write one \"name: value\" a line")
  }

  private func text(_ entry: YAMLNode.Entry) throws(ThemeError) -> String {
    if let text = entry.value.text { return text }
    throw ThemeError(
      file: file, line: entry.value.place.line, problem: "\(quoted(entry.key)) has no value",
      remedy: "write a look such as: bold cyan on \"#202020\"")
  }

  private func unknown(
    _ what: String, _ word: String, among known: [String], _ place: SourcePlace
  ) -> ThemeError {
    let remedy =
      if let meant = nearest(word, among: known) {
        "did you mean \(meant)?"
      } else if known.count > 12 {
        "write #rrggbb, a number from 0 to 255, or a name such as bright-cyan"
      } else {
        "known are \(known.joined(separator: ", "))"
      }
    return ThemeError(
      file: file, line: place.line, problem: "unknown \(what) \(quoted(word))", remedy: remedy)
  }
}

/// Why a theme cannot be used.
package struct ThemeError: Error, Equatable, Sendable, CustomStringConvertible {
  package var file: String
  /// Nil when it is about the whole file.
  package var line: Int?
  package var problem: String
  package var remedy: String

  package init(file: String, line: Int? = nil, problem: String, remedy: String) {
    self.file = file
    self.line = line
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    return printable("\(place): \(problem); \(remedy)")
  }
}
