/// A value of a YAML document, with its place.
package struct YAMLNode: Equatable, Sendable {
  package var place: SourcePlace
  package var content: Content
  /// Where the value ends, for a change in place; it counts for no comparison.
  package var end: SourcePlace?

  package enum Content: Equatable, Sendable {
    /// `isPlain`: written without quotes, so that it may be a number, a Boolean or null.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Entry])
  }

  /// A key of a mapping with its value; keys are scalars, and none comes twice.
  package struct Entry: Equatable, Sendable {
    package var key: String
    package var place: SourcePlace
    package var value: YAMLNode

    package init(key: String, place: SourcePlace, value: YAMLNode) {
      self.key = key
      self.place = place
      self.value = value
    }
  }

  package init(place: SourcePlace, content: Content, end: SourcePlace? = nil) {
    self.place = place
    self.content = content
    self.end = end
  }

  package static func == (left: YAMLNode, right: YAMLNode) -> Bool {
    left.place == right.place && left.content == right.content
  }

  /// Whether this is nothing: an empty value, `~` or `null`.
  package var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The Boolean that a plain `true` or `false` is; `yes`, `no`, `on` and `off` are texts.
  package var bool: Bool? {
    guard case .scalar(let text, isPlain: true) = content else { return nil }
    return switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// The integer that a plain scalar is: decimal, or hexadecimal after `0x`, or octal after `0o`.
  package var integer: Int? {
    guard case .scalar(let text, isPlain: true) = content else { return nil }
    if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16) }
    if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8) }
    return Int(text)
  }

  /// The text of a scalar, as written; nil for null, a sequence and a mapping.
  package var text: String? {
    guard case .scalar(let text, _) = content, !isNull else { return nil }
    return text
  }

  package var sequence: [YAMLNode]? {
    if case .sequence(let nodes) = content { nodes } else { nil }
  }

  package var mapping: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The value of a key, when this is a mapping.
  package subscript(key: String) -> YAMLNode? {
    mapping?.first { $0.key == key }?.value
  }
}

/// Why a text is not YAML that can be used.
package struct YAMLError: Error, Equatable, Sendable, CustomStringConvertible {
  package var file: String
  package var place: SourcePlace
  package var problem: String
  package var remedy: String

  package init(file: String, place: SourcePlace, problem: String, remedy: String) {
    self.file = file
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String {
    printable("\(file):\(place.line):\(place.column): \(problem); \(remedy)")
  }
}
