import Glibc

/// What came of gates and reviewers.
extension CrewState {
  /// The agent of the newest attempt at a task.
  func agentOfWork(_ index: Int) -> AgentProfile? { works[index].agent.flatMap(options.agent) }

  func escalates(_ index: Int) -> Bool {
    let ladder = ladder(of: index)
    return !ladder.isEmpty && (options.escalates || ladder.count > 1)
  }

  func reviewer(_ gate: Gate) -> AgentProfile? { gate.agent.flatMap(options.agent) }

  func reviewerName(ofGate name: String?) -> String? {
    options.gates.first { $0.name == name }?.agent
  }

  /// The limit that kept a reviewer from its verdict.
  func limit(of gate: Gate, _ reading: AgentReading?) -> AgentLimit? {
    guard let agent = reviewer(gate), agent.output != .text, let limit = reading?.limit,
      reading?.hasFailed != false
    else { return nil }
    return limit
  }

  /// What came of one try of a gate.
  func result(
    _ gate: Gate, _ number: Int, _ status: ExitStatus?, _ reading: AgentReading?,
    _ start: Instant, _ now: Instant
  ) -> GateResult {
    let problem = problem(gate, status, reading, time: now - start)
    let isRetried = problem != nil && number <= gate.retries
    return GateResult(
      attempt: number, hasPassed: problem == nil, isRetried: isRetried, words: problem ?? "",
      time: max(.zero, now - start))
  }

  private func problem(
    _ gate: Gate, _ status: ExitStatus?, _ reading: AgentReading?, time: Duration
  ) -> String? {
    let hasAnswered = reviewer(gate).map { $0.output != .text && reading?.hasFailed == false }
    // One that stayed after its answer was killed.
    if status != .exited(0), !(hasAnswered == true && status == .signaled(SIGKILL)) {
      if let timeout = gate.timeout, time >= timeout { return "timed out after \(timeout.text)" }
      return switch status {
      case .exited(let code): "exit status \(code)"
      case .signaled(let signal): "killed by signal \(signal)"
      case nil: "ended while no runner watched"
      }
    }
    guard let agent = reviewer(gate) else { return nil }
    if agent.output != .text, hasAnswered != true {
      return "the reviewer failed" + (reading?.problem.map { ": \($0)" } ?? "")
    }
    switch Verdict(answer: reading?.answer ?? "") {
    case .pass: return nil
    case .fail(let why): return why
    case nil: return "the reviewer's last line is neither PASS nor FAIL: why"
    }
  }
}

extension ResourceUsage {
  func adding(_ other: ResourceUsage) -> ResourceUsage {
    ResourceUsage(
      cpu: cpu + other.cpu, maxResident: max(maxResident, other.maxResident))
  }
}

extension Verdict {
  /// The first line of a text that is not empty, at most 200 characters of it.
  static func firstLine(of text: String) -> String {
    let line =
      text.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) } ?? ""
    return String(line.prefix(200))
  }
}
