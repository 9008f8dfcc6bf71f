package import Core

/// A text of any size of which the view shows a part.
package enum LogSource: Hashable, Sendable {
  /// What an attempt has written.
  case attempt(AttemptKey)
  /// What a task has changed; the number tells one look at it from the next.
  case diff(TaskID, WorkDiff, number: Int)

  /// The attempt whose log it is.
  package var attempt: AttemptKey? {
    if case .attempt(let key) = self { return key }
    return nil
  }
}

/// A part of a text that the view wants to see.
package struct LogRequest: Equatable, Sendable {
  /// Where the part is.
  package enum Place: Equatable, Sendable {
    /// The last lines of the file as it is now.
    case end
    /// From the line that holds the byte at this offset.
    case offset(Int64)
    /// So many lines after the line that begins at the offset; before it when negative.
    case lines(Int, from: Int64)
    /// The next line after the one at the offset that holds the text, ignoring case.
    case match(String, after: Int64)
    case matchBefore(String, Int64)
  }

  package var source: LogSource
  package var place: Place
  /// How many lines are wanted.
  package var lines: Int

  package init(_ source: LogSource, _ place: Place, lines: Int) {
    self.source = source
    self.place = place
    self.lines = lines
  }
}

/// Lines of a text, read for a `LogRequest`.
package struct LogWindow: Equatable, Sendable {
  package struct Line: Equatable, Sendable {
    /// Where the line begins in the file.
    package var offset: Int64
    /// Cleaned of all control; a line longer than a limit is cut there.
    package var text: String

    package init(offset: Int64, text: String) {
      self.offset = offset
      self.text = text
    }
  }

  package var request: LogRequest
  package var lines: [Line]
  /// The size of the file in bytes when it was read.
  package var size: Int64
  /// Where the next line after these begins.
  package var end: Int64
  /// A search found nothing, or the file is not there.
  package var problem: String?

  package init(
    request: LogRequest, lines: [Line], size: Int64, end: Int64, problem: String? = nil
  ) {
    self.request = request
    self.lines = lines
    self.size = size
    self.end = end
    self.problem = problem
  }
}
