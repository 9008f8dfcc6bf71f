/// Commands of the user's that run when something happens in a run.
package struct Hooks: Equatable, Sendable {
  /// The text of a shell command for each kind of event.
  package var commands: [String: String]

  package init(_ commands: [String: String] = [:]) {
    self.commands = commands
  }

  /// The kinds of events that can have a command; those that come too often are not among them.
  package static let kinds = [
    "run_started", "run_resumed", "run_draining", "run_stopping", "run_finished", "level_started",
    "level_finished", "attempt_started", "attempt_ended", "retry_scheduled", "task_finished",
    "task_reset", "merge_conflicted", "budget_warned", "budget_spent", "warning",
  ]

  /// The command for an event and the variables it gets, apart from those of this process.
  package func call(
    for event: RunEvent, run: RunID
  ) -> (command: String, variables: [(name: String, value: String)])? {
    guard let command = commands[event.kind.name] else { return nil }
    var variables = [
      ("LANES_EVENT", event.kind.name), ("LANES_EVENT_AT", event.at.text),
      ("LANES_EVENT_RUN", run.text),
    ]
    if let task = event.kind.task { variables.append(("LANES_EVENT_TASK", task.text)) }
    if let result = Self.result(of: event.kind) {
      variables.append(("LANES_EVENT_RESULT", result))
    }
    return (command, variables.map { ($0.0, $0.1.filter { $0 != "\0" }) })
  }

  /// How the event came out, in one word; for a warning what it says.
  private static func result(of kind: RunEvent.Kind) -> String? {
    if case .runFinished(let result) = kind { return result.rawValue }
    if case .taskFinished(_, let result) = kind { return result.name }
    if case .attemptEnded(_, let outcome, _) = kind { return outcome.words }
    if case .warning(_, let message, _) = kind { return cleaned(message) }
    return nil
  }
}

/// A word to the person at the terminal that a run has ended.
package enum Notification: String, Equatable, Sendable, CaseIterable {
  case none
  /// The terminal's bell.
  case bell
  /// OSC 9, as iTerm2, Windows Terminal, kitty and WezTerm show it.
  case osc9
  /// OSC 777, as urxvt, foot, Ghostty and VTE's terminals show it.
  case osc777

  /// What to write to the terminal when a run has ended; text from elsewhere is cleaned.
  package func text(_ state: RunState) -> String {
    let words =
      "run \(cleaned(state.manifest.id.text)) "
      + StatusReport(state: state, now: state.lastEventAt, runner: nil).word
      + ": \(state.counts.succeeded) of \(counted(state.tasks.count, "task")) succeeded"
    return switch self {
    case .none: ""
    case .bell: "\u{07}"
    case .osc9: "\u{1B}]9;lanes: \(words)\u{1B}\\"
    case .osc777: "\u{1B}]777;notify;lanes;\(words)\u{1B}\\"
    }
  }
}
