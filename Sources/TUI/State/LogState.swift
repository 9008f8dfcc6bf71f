import Core

/// What is shown of a log, or of another long text, and how.
struct LogState: Equatable, Sendable {
  /// The text that is shown; nil when there is none yet.
  let source: LogSource?
  /// Lines from the first one shown.
  var lines: [LogWindow.Line] = []
  /// Bytes of the file when it was read, and where the line after `lines` begins.
  var size: Int64 = 0
  var end: Int64 = 0
  var isFollowing = true
  var isWrapped = false
  /// Columns that are scrolled away to the left.
  var column = 0
  /// What was searched for last.
  var query = ""
  /// Where the line of the newest match begins.
  var match: Int64?
  /// Why there is nothing to see.
  var problem: String?
  /// What was asked for and has not come.
  var pending: LogRequest?
  /// Whether anything has come yet.
  var isRead = false
  /// The number of lines asked for last.
  var height = 0

  /// A log is shown at its end and followed, differences are read from the top.
  init(_ source: LogSource?) {
    self.source = source
    if case .diff = source { isFollowing = false }
  }

  /// The attempt whose log it is.
  var attempt: AttemptKey? { source?.attempt }

  /// Asks for the lines that are seen at first.
  mutating func begin() -> [Effect] { read(isFollowing ? .end : .offset(0)) }

  /// Whether the last line of the file is among the lines.
  var showsEnd: Bool { end >= size }

  /// Asks for lines, in place of what was asked for before.
  mutating func read(_ place: LogRequest.Place) -> [Effect] {
    guard let source, height > 0 else { return [] }
    let request = LogRequest(source, place, lines: height)
    pending = request
    return [.readLog(request)]
  }

  /// Moves by lines; moves that come before the lines have been read add up.
  mutating func scroll(by count: Int) -> [Effect] {
    guard source != nil, let first = lines.first, count != 0 else { return [] }
    if count > 0, showsEnd, pending == nil { return [] }
    if count < 0, first.offset == 0, pending == nil { return [] }
    isFollowing = false
    if case .lines(let moved, let offset) = pending?.place {
      return read(.lines(moved + count, from: offset))
    }
    return read(.lines(count, from: first.offset))
  }

  mutating func search(forward: Bool) -> [Effect] {
    guard !query.isEmpty, let from = match ?? lines.first?.offset else { return [] }
    isFollowing = false
    return read(forward ? .match(query, after: from) : .matchBefore(query, from))
  }

  /// Whether something is being searched for.
  var isSearching: Bool { pending?.isSearch ?? false }

  /// Whether lines are those asked for last, or the end of a log that is followed: what comes too late
  /// must not move the view.
  private func isWanted(_ request: LogRequest) -> Bool {
    guard request.source == source else { return false }
    return request == pending || (isFollowing && request.place == .end && !isSearching)
  }

  /// Takes in lines that were read; returns what more is needed, and what to say of it.
  mutating func take(_ window: LogWindow) -> (effects: [Effect], problem: String?) {
    guard isWanted(window.request) else { return ([], nil) }
    if pending == window.request { pending = nil }
    if window.request.isSearch {
      guard window.problem == nil, let found = window.lines.first else {
        return ([], "not found: \(query)")
      }
      match = found.offset
    } else if let problem = window.problem {
      (lines, self.problem, isRead) = ([], problem, true)
      return ([], nil)
    }
    (lines, size, end) = (window.lines, window.size, window.end)
    (problem, isRead) = (nil, true)
    // A page that the end of the file leaves half empty is filled from before.
    if case .lines(let count, _) = window.request.place, count > 0, showsEnd,
      lines.count < height, lines.first?.offset ?? 0 > 0
    {
      return (read(.end), nil)
    }
    return ([], nil)
  }
}

extension LogRequest {
  fileprivate var isSearch: Bool {
    switch place {
    case .match, .matchBefore: true
    case .end, .offset, .lines: false
    }
  }
}
