import Core

/// The output of agents: where it is cut makes no difference, and what is shown is one harmless line.
func readAgents(_ bytes: [UInt8]) {
  let now = Instant(microseconds: 1_780_488_000_000_000)
  for format in [AgentFormat.claude, .codex, .gemini, .text] {
    var whole = AgentListener(format)
    whole.take(bytes[...])
    var pieces = AgentListener(format)
    for start in stride(from: 0, to: bytes.count, by: 7) {
      pieces.take(bytes[start..<min(start + 7, bytes.count)])
    }
    for status in [ExitStatus.exited(0), .exited(1), .signaled(9)] {
      var (one, two) = (whole, pieces)
      one.finish(status, errors: bytes, now: now) { _ in .utc }
      two.finish(status, errors: bytes, now: now) { _ in .utc }
      precondition(one.reading == two.reading && one.answer == two.answer)
      check(one.reading, now)
    }
  }
}

private func check(_ reading: AgentReading, _ now: Instant) {
  for line in [reading.activity, reading.problem ?? "", reading.limit?.words ?? ""] {
    precondition(cleaned(line) == line, "\(line.debugDescription)")
  }
  precondition(reading.todosDone >= 0 && reading.todosDone <= reading.todos)
  guard let limit = reading.limit else { return }
  let until = limit.holdsUntil(now, earlier: 3)
  precondition(until > now && until - now <= AgentLimit.longestWait + .seconds(60))
}
