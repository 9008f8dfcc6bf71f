import Core
import Glibc

/// `lanes task`: the task list changed in place, under its lock.
struct TaskCommand {
  private let call: Call
  private let words: ArraySlice<String>
  private let verb: Verb

  private enum Verb: String, CaseIterable {
    case list
    case add
    case edit
    case remove
    case setStatus = "set-status"
  }

  init(_ call: Call) throws {
    self.call = call
    let word = call.invocation.operands.first ?? ""
    guard let verb = Verb(rawValue: word) else {
      let known = Verb.allCases.map(\.rawValue)
      let meant = nearest(word, among: known).map { "did you mean \($0)?" }
      throw Failure(
        .usage,
        "lanes task: unknown word \(quoted(word)); \(meant ?? "use \(known.joined(separator: ", "))")"
      )
    }
    self.verb = verb
    words = call.invocation.operands.dropFirst()
  }

  func run() throws -> ExitStatus {
    let settings = try call.settings()
    let plan = try call.plan(settings, file: call.invocation.flags["file"])
    switch verb {
    case .list: list(plan)
    case .add:
      try expect(words.count <= 1, "add takes a title", "write lanes task add 'Title'")
      var draft = try draft()
      draft.title = words.first ?? draft.title
      try expect(draft.title != nil, "the title is missing", "write lanes task add 'Title'")
      let id = call.invocation.flags["id"].map { TaskID($0) }
      call.console.out("added task \(cleaned(try change(.add(id, draft), plan).text))")
    case .edit:
      let draft = try draft()
      try expect(words.count == 1, "edit takes one task", "write lanes task edit 5 --title …")
      try expect(draft != TaskDraft(), "nothing is to be changed", "give --title or another flag")
      call.console.out("changed task \(cleaned(try change(.edit(firstID, draft), plan).text))")
    case .remove:
      try expect(words.count == 1, "remove takes one task", "write lanes task remove 5")
      let change = TaskChange.remove(firstID, cutsDependents: call.invocation.has("force"))
      call.console.out("removed task \(cleaned(try self.change(change, plan).text))")
    case .setStatus: try setStatus(plan)
    }
    return .done
  }

  private var firstID: TaskID { TaskID(words.first ?? "") }

  private func expect(_ condition: Bool, _ problem: String, _ remedy: String) throws {
    if !condition { throw Failure(.usage, "lanes task: \(problem); \(remedy)") }
  }

  private func draft() throws -> TaskDraft {
    let flags = call.invocation.flags
    var draft = TaskDraft(
      title: flags["title"], description: flags["description"], details: flags["details"],
      testStrategy: flags["test-strategy"], priority: flags["priority"].flatMap(Priority.init))
    if let ids = flags["depends-on"] {
      let names = ids.split(separator: ",").map { TaskID(String($0.filter { $0 != " " })) }
      draft.dependencies = names == ["none"] ? [] : names
    }
    return draft
  }

  private func list(_ plan: Plan) {
    if call.invocation.flags["format"] == "json" {
      call.console.out(bytes: PlanReport(plan, jobs: 1).json())
      return
    }
    let ids = plan.tasks.map { cleaned($0.id.text) }
    let width = ids.map(\.count).max() ?? 0
    call.console.out(
      zip(ids, plan.tasks).map { id, task in
        let space = String(repeating: " ", count: width - id.count)
        let status = task.status.rawValue
        let gap = String(repeating: " ", count: max(0, 11 - status.count))
        let after =
          task.dependencies.isEmpty
          ? "" : "  after \(task.dependencies.map(\.text).joined(separator: ", "))"
        return "\(id)\(space)  \(status)\(gap)  \(cleaned(task.title))\(cleaned(after))"
      })
  }

  private func setStatus(_ plan: Plan) throws {
    let known = TaskStatus.allCases.map(\.rawValue)
    try expect(words.count >= 2, "set-status takes tasks and a status", "write set-status 2,3 done")
    let word = words.last ?? ""
    guard let status = TaskStatus(rawValue: word) else {
      let meant = nearest(word, among: known).map { "did you mean \($0)?" }
      throw Failure(
        .usage,
        "lanes task: \(quoted(word)) is no status; \(meant ?? "use \(known.joined(separator: ", "))")"
      )
    }
    let ids = words.dropLast().flatMap { $0.split(separator: ",") }.map { TaskID(String($0)) }
    let changes = Dictionary(ids.map { ($0, status) }) { first, _ in first }
    var file = statusFile(plan)
    try wait(for: plan) { now in try file.tryWrite(changes, now: now) == .written ? true : nil }
    call.console.out(ids.map { "task \(cleaned($0.text)) is \(status.rawValue)" })
  }

  private func change(_ change: TaskChange, _ plan: Plan) throws -> TaskID {
    let file = statusFile(plan)
    return try wait(for: plan) { try file.tryChange(change, now: $0) }
  }

  private func statusFile(_ plan: Plan) -> StatusFile {
    let origin = plan.origin
    let base = call.invocation.flags["file"] == nil ? call.project.directory : call.project.current
    let path = origin.file.hasPrefix("/") ? origin.file : base + "/" + origin.file
    return StatusFile(path: path, tag: origin.tag, format: origin.format)
  }

  /// Tries something until no other program holds the lock, for longer than a dead one could.
  @discardableResult
  private func wait<Value>(for plan: Plan, _ attempt: (Instant) throws -> Value?) throws -> Value {
    let clock = WallClock()
    let start = clock.now()
    while clock.now() - start < .seconds(12) {
      if let value = try attempt(clock.now()) { return value }
      poll(nil, 0, 100)
    }
    throw Failure(
      .locked,
      "lanes task: \(cleaned(plan.origin.file)) stayed locked by another program; try again later")
  }
}
