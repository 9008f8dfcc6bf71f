/// What a line `Key: value` of a task can state.
enum MarkdownField: CaseIterable {
  case dependencies
  case softDependencies
  case files
  case estimate
  case worker
  case status
  case priority
  case criteria
  case testStrategy

  /// The words for it, in small letters.
  private var keys: [String] {
    switch self {
    case .dependencies:
      ["dependencies", "dependency", "depends on", "depends", "blocked by", "requires tasks"]
    case .softDependencies: ["soft dependencies", "overlaps with"]
    case .files: ["files", "file", "files to modify", "files touched", "touches", "paths"]
    case .estimate:
      [
        "estimated time", "estimate", "estimated hours", "estimated effort", "effort", "duration",
        "time estimate", "hours",
      ]
    case .worker: ["workers", "worker", "worker type", "type", "specialist"]
    case .status: ["status", "state"]
    case .priority: ["priority"]
    case .criteria: ["acceptance criteria", "success criteria", "key success criteria"]
    case .testStrategy: ["test strategy", "testing"]
    }
  }

  /// Reads `Key: value`, the key in bold or not; nil for every other text.
  static func read(_ text: Substring) -> (field: MarkdownField, value: Substring)? {
    guard let (head, tail) = text.splitOnce(":"), head.utf8.count <= 40 else { return nil }
    let key = head.folded
    guard let field = allCases.first(where: { $0.keys.contains(key) }) else { return nil }
    var value = tail.trimmed
    // The closing marks of a key in bold may stand after the colon.
    if value.hasPrefix("**"), head.contains("**") { value = value.dropFirst(2).trimmed }
    return (field, value)
  }
}

/// A value that a task states, with all the lines it has.
struct MarkdownValue {
  /// What stands on the line of the key.
  var text: Substring
  /// The items below it, with their checkboxes taken off.
  var items: [Item] = []
  var line: MarkdownDocument.Line

  struct Item {
    var text: Substring
    var isChecked = false
  }

  /// The value and its items as separate texts.
  var texts: [Substring] { (text.isEmpty ? [] : [text]) + items.map(\.text) }
}
