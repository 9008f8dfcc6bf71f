import Core
import Glibc

/// `lanes logs`: what tasks have written, once or as it comes.
enum LogsCommand {
  static func run(_ call: Call) throws -> ExitStatus {
    let view = try RunView(call, run: nil)
    let keys = try attempts(call, view)
    let folder = RunFolder(path: call.project.folder.run(view.state.manifest.id))
    var sources = keys.map { LogSource($0, in: folder, isNamed: keys.count > 1) }
    let count = call.invocation.integer("lines")
    for index in sources.indices { sources[index].printEnd(lines: count, call.console) }
    if call.invocation.has("follow") { follow(&sources, call) }
    return .done
  }

  /// The attempts that the command line names: by default the running ones, or all that ever ran.
  private static func attempts(_ call: Call, _ view: RunView) throws -> [AttemptKey] {
    let state = view.state
    var indexes = try call.tasks.map { id in
      guard let index = state.index(of: id) else { throw view.unknown(id) }
      return index
    }
    if indexes.isEmpty { indexes = state.running.sorted() }
    if indexes.isEmpty { indexes = state.tasks.indices.filter { state.tasks[$0].attempt > 0 } }
    return try indexes.map { index in
      let (spec, task) = (state.manifest.plan.tasks[index], state.tasks[index])
      let attempt = call.invocation.integer("attempt") ?? task.attempt
      guard attempt > 0, attempt <= task.attempt else {
        throw Failure(
          .usage,
          "lanes logs: task \(cleaned(spec.id.text)) "
            + (task.attempt == 0
              ? "has not run yet"
              : "has \(counted(task.attempt, "attempt"))"))
      }
      return AttemptKey(spec.id, attempt)
    }
  }

  /// Prints what comes until the run is over, or somebody interrupts.
  private static func follow(_ sources: inout [LogSource], _ call: Call) {
    var isOver = false
    while !isOver {
      isOver = RunLock.holder(in: call.project.folder) == nil
      for index in sources.indices { sources[index].printNew(call.console) }
      if !isOver { poll(nil, 0, 100) }
    }
  }
}

/// One attempt's log as far as it has been printed.
private struct LogSource {
  private let path: String
  private let prefix: String
  private var offset = 0
  private var rest: [UInt8] = []

  init(_ key: AttemptKey, in folder: RunFolder, isNamed: Bool) {
    path = AttemptFiles.of(runFolder: folder.path, task: key.task, attempt: key.attempt).log
    prefix = isNamed ? "\(cleaned(key.task.text)) │ " : ""
  }

  /// Prints the last lines, or all.
  mutating func printEnd(lines: Int?, _ console: Console) {
    if let lines { offset = FileBytes.startOfLines(lines, in: path) }
    printNew(console)
    if !rest.isEmpty { console.out(prefix + LogText.line(rest)) }
    rest = []
  }

  mutating func printNew(_ console: Console) {
    while let bytes = FileBytes.read(path, from: offset, count: 1 << 20), !bytes.isEmpty {
      offset += bytes.count
      rest += bytes
      var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      rest = Array(lines.removeLast())
      if rest.count > 1 << 20 {
        lines.append(rest[...])
        rest = []
      }
      console.out(lines.map { prefix + LogText.line($0) })
    }
  }
}
