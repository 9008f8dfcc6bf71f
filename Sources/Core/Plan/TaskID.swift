/// The identity of a task as its source writes it, as text.
///
/// Whole numbers sort first, numerically; every other id follows, as text. Ids are untrusted: clean
/// one before it becomes a path, a ref or part of a command.
package struct TaskID: Hashable, Sendable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  package let text: String

  package init(_ text: String) {
    self.text = text
  }

  package init(stringLiteral value: String) {
    text = value
  }

  package var description: String { text }

  package static func < (left: TaskID, right: TaskID) -> Bool {
    switch (Int(left.text), Int(right.text)) {
    case (let first?, let second?):
      first == second ? left.text < right.text : first < second
    case (_?, nil): true
    case (nil, _?): false
    case (nil, nil): left.text < right.text
    }
  }
}
