import Core

/// Shows a run's events on standard output as they come, in one of the forms without a screen.
struct RunPrinter {
  enum Form: Equatable {
    case plain
    case json
    case quiet
  }

  private let form: Form
  private let console: Console
  private let isColored: Bool
  private var lines: PlainLines
  private var json: EventLines

  init(
    _ form: Form, isColored: Bool, run: RunID, after sequence: Int64, console: Console,
    folder: RunFolder
  ) {
    self.form = form
    self.isColored = isColored
    self.console = console
    lines = PlainLines {
      AttemptFiles.of(runFolder: folder.path, task: $0.task, attempt: $0.attempt).log
    }
    json = EventLines(run: run, after: sequence)
  }

  /// Brings the printer to where an earlier runner stopped, without a word.
  mutating func begin(with state: RunState) {
    lines.begin(with: state)
  }

  mutating func show(_ event: RunEvent) { show(event, if: true) }

  /// Takes an event in, and shows it when it is of interest.
  mutating func show(_ event: RunEvent, if isShown: Bool) {
    if !isShown {
      _ = lines.take(event)
      _ = json.line(for: event)
      return
    }
    switch form {
    case .plain: console.out(painted(lines.take(event)))
    case .json: console.out(bytes: json.line(for: event))
    case .quiet:
      if case .warning(_, let message, _) = event.kind { console.note(cleaned(message)) }
    }
  }

  /// The last words: in JSON all is said already, and on success `quiet` is.
  func finish(_ state: RunState, folder: RunFolder) {
    switch form {
    case .plain: console.out([""] + painted(Self.summary(state, folder)))
    case .json: break
    case .quiet where state.phase == .finished(.succeeded): break
    case .quiet: console.note(Self.summary(state, folder))
    }
  }

  private func painted(_ lines: [String]) -> [String] {
    isColored ? lines.map(LineColor.painted) : lines
  }

  private static func summary(_ state: RunState, _ folder: RunFolder) -> [String] {
    Summary.lines(state, at: state.lastEventAt) { key in
      let files = AttemptFiles.of(runFolder: folder.path, task: key.task, attempt: key.attempt)
      let end = { (path: String) in
        LogText.lastLines(5, of: FileBytes.tail(path, count: 8192) ?? [])
      }
      guard let work = state.index(of: key.task).flatMap({ state.crew?.works[$0] }),
        work.reading != nil
      else { return end(files.log) }
      // The log of an agent is for programs; people read what it said last, and its complaints.
      return LogText.lastLines(5, of: Array((work.answer ?? "").utf8)) + end(files.errors)
    }
  }
}
