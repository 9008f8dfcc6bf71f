import Core
import Glibc

/// `lanes draft PRD.md`: has an agent turn a document of requirements into a task list.
///
/// The answer is checked like any task list and sent back with what was found, until it can run. It is
/// written to a new file only.
struct DraftCommand {
  let call: Call
  let agent: AgentProfile
  let target: String
  let tries: Int

  static func run(_ call: Call) throws -> ExitStatus {
    let settings = try call.settings()
    guard let agent = settings.chosenAgent else {
      throw Failure(
        .usage,
        "lanes draft: there is no agent to do it; describe one under agents in lanes.yml,"
          + " and choose it with --agent")
    }
    let name = call.invocation.flags["to"] ?? PlanSource.places[0]
    let target = name.hasPrefix("/") ? name : call.project.directory + "/" + name
    if Project.exists(target) {
      throw Failure(
        .usage, "lanes draft: \(cleaned(name)) is there already; name a new file with --to FILE")
    }
    let command = DraftCommand(
      call: call, agent: agent, target: target, tries: call.invocation.integer("tries") ?? 3)
    return try command.carryOut(document: call.invocation.operands.first ?? "")
  }

  private func carryOut(document name: String) throws -> ExitStatus {
    let path = name.hasPrefix("/") ? name : call.project.current + "/" + name
    guard let bytes = FileBytes.read(path) else {
      throw Failure(.usage, "lanes draft: \(cleaned(name)) cannot be read; name a text file")
    }
    let document = String(decoding: bytes, as: UTF8.self)
    var findings: [String] = []
    for attempt in 1...tries {
      call.console.note(
        "lanes draft: \(cleaned(agent.name)) writes the task list (\(attempt) of \(tries))")
      let answer = try ask(Draft.prompt(for: document, findings: findings))
      switch Draft.check(answer) {
      case .usable(let list, let plan):
        try write(list)
        call.console.out(
          "wrote \(counted(plan.tasks.count, "task")) in"
            + " \(counted(plan.graph.levels.count, "level")) to \(cleaned(target))")
        return .done
      case .refused(let words):
        findings = words
        call.console.note(words.map { "  \(cleaned($0))" })
      }
    }
    throw Failure(
      .taskFailed,
      "lanes draft: after \(tries) tries the task list still cannot run;"
        + " nothing was written")
  }

  private func ask(_ prompt: String) throws -> String {
    let program = Program(environment: EnvironmentBlock.inherited())
    var variables = [
      Variable("LANES_AGENT", agent.name), Variable("LANES_ERROR_FILE", "/dev/stderr"),
    ]
    if let model = agent.model { variables.append(Variable("LANES_MODEL", model)) }
    for (name, value) in agent.environment { variables.append(Variable(name, value)) }
    let result = try program.run(
      ["/bin/sh", "-c", agent.commandText()], input: Array(prompt.utf8), variables: variables)
    if agent.output == .text, result.isSuccess { return result.text }
    var listener = AgentListener(agent.output)
    listener.take(result.output[...])
    listener.finish(.exited(result.status), errors: result.errors, now: WallClock().now())
    guard result.isSuccess, listener.reading.hasFailed == false else {
      let why = listener.reading.problem ?? result.errorText
      throw Failure(
        .taskFailed, "lanes draft: the agent failed with status \(result.status)",
        cleaned(String(why.suffix(500))))
    }
    return listener.answer
  }

  /// Writes a file that was not there, with the folders above it.
  private func write(_ list: [UInt8]) throws {
    var folder = ""
    for part in target.split(separator: "/").dropLast() {
      folder += "/" + part
      mkdir(folder, 0o755)
    }
    let file = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw Failure(.usage, "lanes draft: \(cleaned(target)): \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    var rest = list[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        unlink(target)
        throw Failure(
          .usage, "lanes draft: \(cleaned(target)) could not be written; free some space")
      }
      rest = rest.dropFirst(count)
    }
  }
}
