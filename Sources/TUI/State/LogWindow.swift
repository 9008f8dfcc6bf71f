package import Core

/// A part of an attempt's log that the view wants to see.
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

  package var attempt: AttemptKey
  package var place: Place
  /// How many lines are wanted.
  package var lines: Int

  package init(_ attempt: AttemptKey, _ place: Place, lines: Int) {
    self.attempt = attempt
    self.place = place
    self.lines = lines
  }
}

/// Lines of an attempt's log, read for a `LogRequest`.
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
