/// What a worker is told, with `{{name}}` where parts of the task go.
///
/// The parts are put in once and not looked through again, so that nothing in a task's text can stand for
/// another part; none of it is ever part of a shell line.
package struct PromptTemplate: Equatable, Sendable {
  private enum Piece: Equatable, Sendable {
    case text(String)
    case part(PromptPart)
  }

  private let pieces: [Piece]

  package init(_ text: String) throws(PromptTemplateError) {
    var pieces: [Piece] = []
    var rest = text[...]
    while let open = rest.firstRange(of: "{{") {
      pieces.append(.text(String(rest[..<open.lowerBound])))
      guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
        throw PromptTemplateError(
          problem: "{{ is never closed", remedy: "write }} behind the name",
          line: Self.line(open, text))
      }
      let name = TaskWords.trimmed(String(rest[open.upperBound..<close.lowerBound]))
      guard let part = PromptPart(rawValue: name) else {
        let known = PromptPart.allCases.map(\.rawValue)
        throw PromptTemplateError(
          problem: "unknown part \(quoted(name))",
          remedy: nearest(name, among: known).map { "did you mean \($0)?" }
            ?? "known are \(known.joined(separator: ", "))", line: Self.line(open, text))
      }
      pieces.append(.part(part))
      rest = rest[close.upperBound...]
    }
    pieces.append(.text(String(rest)))
    self.pieces = pieces
  }

  private static func line(_ range: Range<String.Index>, _ text: String) -> Int {
    text[..<range.lowerBound].reduce(1) { $1.isNewline ? $0 + 1 : $0 }
  }

  package func text(_ value: (PromptPart) -> String) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .part(let part): value(part)
      }
    }.joined()
  }
}

/// A part of a task that a template can name.
package enum PromptPart: String, Sendable, CaseIterable {
  case id
  case title
  case description
  case details
  case testStrategy = "test_strategy"
  case subtasks
  case acceptanceCriteria = "acceptance_criteria"
  case files
  /// What the tasks it depends on have delivered.
  case dependencies
  /// Why the attempt before was not accepted.
  case feedback
  case attempt
  /// All of it, as without a template.
  case task
}

/// Why a template cannot be used.
package struct PromptTemplateError: Error, Equatable, Sendable, CustomStringConvertible {
  package var problem: String
  package var remedy: String
  package var line: Int

  package var description: String { "line \(line): \(problem); \(remedy)" }
}
