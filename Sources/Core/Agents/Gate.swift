/// A check that decides whether work is accepted.
package struct Gate: Equatable, Sendable {
  package enum Moment: String, Equatable, Sendable, CaseIterable {
    /// After each attempt at a task that ended well.
    case task
    /// After all tasks of a level.
    case level
    /// After all tasks of a sprint, where the plan has sprints.
    case sprint
    /// After everything.
    case final
  }

  package var name: String
  /// The text of a shell command that succeeds when the work is accepted.
  package var command: String?
  /// The agent that reviews instead; its last line says `PASS` or `FAIL: why`.
  package var agent: String?
  package var moment: Moment
  package var timeout: Duration?
  /// How often a failure is tried again before it counts.
  package var retries: Int
  /// What a reviewer is told beside the task.
  package var instructions: String?

  package init(
    name: String, command: String? = nil, agent: String? = nil, at moment: Moment = .task,
    timeout: Duration? = nil, retries: Int = 0, instructions: String? = nil
  ) {
    self.name = name
    self.command = command
    self.agent = agent
    self.moment = moment
    self.timeout = timeout
    self.retries = retries
    self.instructions = instructions
  }
}

/// What a reviewer found, as the last line of its answer says it.
package enum Verdict: Equatable, Sendable {
  case pass
  case fail(String)

  /// Reads the last line that is not empty; nil when it is no verdict.
  ///
  /// Signs of emphasis around it, as in `**PASS**`, do not matter.
  package init?(answer: String) {
    let lines = answer.split(whereSeparator: \.isNewline).map(Self.bare)
    guard let last = lines.last(where: { !$0.isEmpty }) else { return nil }
    if last == "PASS" || last.hasPrefix("PASS ") || last.hasPrefix("PASS:") {
      self = .pass
    } else if last == "FAIL" || last.hasPrefix("FAIL:") || last.hasPrefix("FAIL ") {
      let why = Self.bare(last.dropFirst(4).drop { $0 == ":" })
      self = .fail(why.isEmpty ? "no reason given" : why)
    } else {
      return nil
    }
  }

  private static func bare(_ line: Substring) -> String {
    let signs: Set<Character> = ["*", "`", "_", "#", " ", "\t", "\r"]
    let start = line.drop { signs.contains($0) }
    let end = start.lastIndex { !signs.contains($0) }
    return end.map { String(start[...$0]) } ?? ""
  }
}
