import Core
import Glibc
import Testing

/// A folder with a task list in which the built binary runs; it goes with all processes in it.
final class Sandbox: Sendable {
  let path: String
  let home: String

  /// A task of the list, as a TaskMaster file has it.
  struct Task {
    var id: String
    var dependencies: [String] = []
    /// What works on it; nil for what the run or the settings say.
    var command: String?
    var title: String?
    var status = "pending"
    var details: String?
  }

  /// Writes `tasks/tasks.json`, unless there are no tasks.
  init(_ tasks: [Task] = []) throws {
    var template = Array("/tmp/lanes-e2e-XXXXXX".utf8CString)
    home = String(cString: try #require(mkdtemp(&template)))
    path = home + "/project"
    for folder in [path, path + "/tasks"] { try #require(mkdir(folder, 0o755) == 0) }
    if !tasks.isEmpty { try write(Self.json(tasks), to: "tasks/tasks.json") }
  }

  /// Tasks given as `id: dependencies`, with the commands of some.
  convenience init(
    _ tasks: [(String, [String])], commands: [String: String] = [:]
  ) throws {
    try self.init(
      tasks.map { Task(id: $0.0, dependencies: $0.1, command: commands[$0.0]) })
  }

  deinit {
    for pid in processes { kill(pid, SIGKILL) }
    Self.remove(home)
  }

  static func json(_ tasks: [Task]) -> String {
    var json = JSONWriter()
    json.object { json in
      json.key("tasks")
      json.array { json in
        for task in tasks { encode(task, into: &json) }
      }
    }
    json.newline()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func encode(_ task: Task, into json: inout JSONWriter) {
    json.object { json in
      json.member("id", task.id)
      json.member("title", task.title ?? "Task \(task.id)")
      json.member("status", task.status)
      json.key("dependencies")
      json.array { json in for id in task.dependencies { json.string(id) } }
      if let details = task.details { json.member("details", details) }
      guard let command = task.command else { return }
      json.key("metadata")
      json.object { json in
        json.key("lanes")
        json.object { $0.member("command", command) }
      }
    }
  }

  // MARK: Files

  func write(_ text: String, to name: String, mode: mode_t = 0o644) throws {
    let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    try #require(file >= 0, "\(name)")
    defer { close(file) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      try #require(count > 0)
      rest = rest.dropFirst(count)
    }
  }

  func bytes(_ name: String) -> [UInt8]? { FileBytes.read(path + "/" + name) }

  /// The text of a file; empty when there is none.
  func text(_ name: String) -> String {
    bytes(name).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// The lines of a file, sorted: tasks that run side by side write in any order.
  func lines(_ name: String) -> [String] {
    text(name).split(separator: "\n").map(String.init).sorted()
  }

  func exists(_ name: String) -> Bool { access(path + "/" + name, F_OK) == 0 }

  func names(in folder: String) -> [String] { FileBytes.names(in: path + "/" + folder).sorted() }

  /// The statuses in the task list, by id.
  func statuses(_ name: String = "tasks/tasks.json") throws -> [String: String] {
    let document = try JSONDocument(parsing: #require(bytes(name)), name: name)
    let tasks = try #require((document.root["master"] ?? document.root)["tasks"])
    var found: [String: String] = [:]
    for task in tasks.elements {
      let id = task["id"]?.string ?? task["id"]?.numberText ?? ""
      found[id] = task["status"]?.string
    }
    return found
  }

  private static func remove(_ path: String) {
    for name in FileBytes.names(in: path) { remove(path + "/" + name) }
    if unlink(path) != 0 { rmdir(path) }
  }

  // MARK: Processes

  /// The variable that tells to which sandbox a process belongs.
  var mark: String { "E2E_SANDBOX=" + home }

  /// The living processes that come from the sandbox.
  var processes: [Int32] {
    ProcessTable.all().filter { pid in
      guard let environment = ProcessTable.environment(of: pid),
        environment.split(separator: 0).contains(where: { $0.elementsEqual(mark.utf8) })
      else { return false }
      return ProcessTable.status(of: pid).map { !$0.isZombie } ?? false
    }
  }

  /// Starts the binary in the project's folder.
  ///
  /// `prefix` is a program and its arguments that executes the rest of the command line.
  func start(
    _ arguments: [String], environment: [String: String] = [:], prefix: [String] = []
  ) async throws -> LanesProcess {
    var variables = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "LC_ALL": "C.UTF-8", "TERM": "dumb",
    ]
    variables.merge(environment) { _, new in new }
    let process = try LanesProcess(
      words: ["env", "-C", path] + prefix + [Self.binary] + arguments,
      variables: variables.map { "\($0.key)=\($0.value)" } + [mark], sandbox: self)
    try await process.begin()
    return process
  }

  func start(_ arguments: String...) async throws -> LanesProcess { try await start(arguments) }

  /// Runs the binary to its end.
  func run(
    _ arguments: [String], environment: [String: String] = [:], prefix: [String] = []
  ) async throws -> LanesProcess.Result {
    try await start(arguments, environment: environment, prefix: prefix).end()
  }

  func run(_ arguments: String...) async throws -> LanesProcess.Result { try await run(arguments) }

  /// Runs the binary and kills it at its first event of a kind, and each that takes the run up, until it has
  /// been killed so often or one ends before.
  func runKilled(
    at kind: String, times: Int, _ arguments: [String]
  ) async throws -> LanesProcess.Result {
    var lanes = try await start(arguments + ["--output", "json"])
    for _ in 0..<times {
      do { try await lanes.event(kind) } catch { break }
      lanes.signal(SIGKILL)
      try await lanes.end()
      lanes = try await start("resume", "--output", "json")
    }
    return try await lanes.end()
  }

  /// The binary, which lies beside the tests' own.
  static var binary: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count - 1))
    let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/lanes"
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: String, _ text: String) {
    key(name)
    string(text)
  }
}
