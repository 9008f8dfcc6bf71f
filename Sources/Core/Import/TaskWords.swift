/// The words of a task file, as TaskMaster and its neighbours write them.
enum TaskWords {
  /// A status as a task file may word it; nil when no status is meant.
  ///
  /// Upper and lower case, `_`, `-` and spaces are the same. Nothing, `none`, `todo` and `open` are
  /// pending; `completed` is done.
  static func status(_ text: String) -> TaskStatus? {
    if let status = TaskStatus(rawValue: text) { return status }
    let word = normalised(text)
    return TaskStatus(rawValue: word) ?? statusSynonyms[word]
  }

  /// The status an unknown word comes nearest to, as a remedy names it.
  static func nearestStatus(to text: String) -> String? {
    let words = TaskStatus.allCases.map(\.rawValue) + statusSynonyms.keys.sorted()
    return nearest(normalised(text), among: words)
  }

  /// A priority as a task file may word it, nil for every other word.
  static func priority(_ text: String) -> Priority? {
    if let priority = Priority(rawValue: text) { return priority }
    let word = normalised(text)
    return Priority(rawValue: word) ?? prioritySynonyms[word]
  }

  private static let statusSynonyms: [String: TaskStatus] = [
    "": .pending, "none": .pending, "todo": .pending, "to-do": .pending, "open": .pending,
    "completed": .done, "complete": .done, "canceled": .cancelled, "inprogress": .inProgress,
  ]

  private static let prioritySynonyms: [String: Priority] = [
    "p0": .critical, "p1": .high, "p2": .medium, "p3": .low,
  ]

  private static func normalised(_ text: String) -> String {
    String(trimmed(text).lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 })
  }

  /// The text without white space around it.
  static func trimmed(_ text: String) -> String {
    guard let first = text.utf8.first, let last = text.utf8.last else { return text }
    if 0x21..<0x7F ~= first && 0x21..<0x7F ~= last { return text }
    let scalars = text.unicodeScalars
    let start = scalars.drop { $0.properties.isWhitespace }
    guard let end = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
    return String(start[...end])
  }
}
