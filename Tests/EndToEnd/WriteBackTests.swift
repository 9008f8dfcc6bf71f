import Core
import Glibc
import Testing

/// What a run does to the task list it came from.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct WriteBackTests {
  /// A list as people and tools leave it: every kind of spacing, escapes, unknown fields.
  ///
  /// The letters stand for the statuses of tasks 1 to 3; 9 is done already.
  private static let odd = #"""
    {
      "master": {
        "metadata": { "created":"2026-01-02T03:04:05.678Z", "status": "pending", "n": 1.50e+2 },
        "tasks": [
          {"id": 1, "title": "Caf\u00e9 \"status\": \"pending\"", "status" :  "A", "dependencies": []},
          {
            "status": "B", "priority":"high",
            "id": "2",
            "title": "ünïcödé 🎉", "details": "a\tb\\n",
            "dependencies": [ 1 ,9], "subtasks": [ {"id": 1, "title": "sub", "status": "pending"} ]
          },
          { "id": 9, "title": "Old", "status": "completed", "dependencies": [] } ,

          {"id":3,"title":"Three","dependencies":["2"],"custom":{"status":"pending","x":[null,true,0.10]},"status":"C"}
        ]
      },
      "other": {"tasks": [ {"id": 1, "title": "Elsewhere", "status": "pending", "dependencies": []} ]}
    }
    """#

  private static func odd(_ a: String, _ b: String, _ c: String) -> String {
    odd.replacing(":  \"A\"", with: ":  \"\(a)\"").replacing("\"B\"", with: "\"\(b)\"")
      .replacing("\"C\"", with: "\"\(c)\"")
  }

  private static let forms: [(name: String, form: @Sendable (String) -> String)] = [
    ("as it is", { $0 }),
    ("a line end at the end", { $0 + "\n" }),
    ("4 spaces", { wider($0) }),
    ("CRLF", { $0.replacing("\n", with: "\r\n") + "\r\n" }),
    ("tabs", { $0.replacing("  ", with: "\t") }),
  ]

  private static func wider(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in line.prefix { $0 == " " } + line }.joined(separator: "\n")
  }

  @Test("only the statuses change, byte for byte", arguments: Self.forms.map(\.name))
  func onlyStatuses(name: String) async throws {
    let form = try #require(Self.forms.first { $0.name == name }).form
    let sandbox = try Sandbox()
    try sandbox.write(form(Self.odd("pending", "todo", "in-progress")), to: "tasks/tasks.json")
    let run = try await sandbox.run("run", "--command", "true")
    #expect(run.status == 0, "\(run.errors)")
    #expect(sandbox.text("tasks/tasks.json") == form(Self.odd("done", "done", "done")))
    #expect(sandbox.names(in: "tasks") == ["tasks.json"])
  }

  @Test("a task that failed is pending again, and so is nothing else")
  func failed() async throws {
    let sandbox = try Sandbox()
    let before = Self.odd("pending", "pending", "pending")
    try sandbox.write(before, to: "tasks/tasks.json")
    let run = try await sandbox.run(
      "run", "--output", "quiet", "--command", "test $LANES_TASK_ID = 1")
    #expect(run.status == 1)
    #expect(sandbox.text("tasks/tasks.json") == Self.odd("done", "pending", "pending"))
  }

  @Test("with --no-write-status the file stays the very same")
  func noWriteStatus() async throws {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])])
    let (bytes, before) = (sandbox.bytes("tasks/tasks.json"), sandbox.identity)
    let run = try await sandbox.run("run", "--no-write-status", "--command", "true")
    #expect(run.status == 0)
    #expect(sandbox.bytes("tasks/tasks.json") == bytes)
    #expect(sandbox.identity == before)
  }

  @Test("a task that runs is in progress")
  func inProgress() async throws {
    let gated = try await GatedRun([("1", []), ("2", ["1"])])
    let sandbox = gated.sandbox
    try await gated.run.event("attempt_launched", task: "1")
    #expect(try eventually { try sandbox.statuses() == ["1": "in-progress", "2": "pending"] })
    gated.gate.letPass()
    try await gated.run.event("attempt_launched", task: "2")
    #expect(try eventually { try sandbox.statuses() == ["1": "done", "2": "in-progress"] })
    gated.gate.letPass()
    #expect(try await gated.run.end().status == 0)
    #expect(try sandbox.statuses() == ["1": "done", "2": "done"])
  }

  @Test("a task that was stopped with the run is pending")
  func stopped() async throws {
    let gated = try await GatedRun([("1", [])])
    let sandbox = gated.sandbox
    try await gated.run.event("attempt_launched", task: "1")
    #expect(try eventually { try sandbox.statuses() == ["1": "in-progress"] })
    let running = sandbox.text("tasks/tasks.json")
    gated.run.signal(SIGTERM)
    #expect(try await gated.run.end().status == 143)
    let stopped = sandbox.text("tasks/tasks.json")
    #expect(stopped == running.replacing("in-progress", with: "pending"))
  }

  @Test("permissions stay, and a symbolic link is followed and stays")
  func fileKind() async throws {
    let sandbox = try Sandbox()
    try sandbox.write(Sandbox.json([Sandbox.Task(id: "1")]), to: "list", mode: 0o600)
    try #require(symlink("../list", sandbox.path + "/tasks/tasks.json") == 0)
    let run = try await sandbox.run("run", "--command", "true")
    #expect(run.status == 0)
    #expect(try sandbox.statuses("list") == ["1": "done"])
    var status = stat()
    #expect(lstat(sandbox.path + "/tasks/tasks.json", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
    #expect(lstat(sandbox.path + "/list", &status) == 0)
    #expect(status.st_mode == S_IFREG | 0o600)
  }

  // MARK: Others at work on the file

  /// A run of one task whose status is written, so that the runner has left the file.
  private func runInProgress() async throws -> GatedRun {
    let gated = try await GatedRun([("1", [])])
    try await gated.run.event("attempt_launched", task: "1")
    let sandbox = gated.sandbox
    try #require(
      try eventually {
        try sandbox.statuses() == ["1": "in-progress"]
          && !sandbox.exists("tasks/tasks.json.lock")
      })
    return gated
  }

  @Test("a lock of TaskMaster is waited for at the end", arguments: ["file", "folder"])
  func lock(kind: String) async throws {
    let gated = try await runInProgress()
    let sandbox = gated.sandbox
    let lock = sandbox.path + "/tasks/tasks.json.lock"
    // The file is replaced just before the run's own lock goes.
    #expect(eventually { !sandbox.exists("tasks/tasks.json.lock") })
    if kind == "file" {
      try sandbox.write(#"{"pid":1,"timestamp":1}"#, to: "tasks/tasks.json.lock")
    } else {
      try #require(mkdir(lock, 0o755) == 0)
    }
    gated.gate.letPass()
    try await gated.run.event("run_finished")
    // As long as several tries take.
    for _ in 0..<10 { poll(nil, 0, 50) }
    #expect(processState(gated.run.pid) != "")
    #expect(try sandbox.statuses() == ["1": "in-progress"])
    #expect(sandbox.exists("tasks/tasks.json.lock"))
    try #require((kind == "file" ? unlink(lock) : rmdir(lock)) == 0)
    let result = try await gated.run.end()
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(try sandbox.statuses() == ["1": "done"])
    #expect(sandbox.names(in: "tasks") == ["tasks.json"])
  }

  @Test("what somebody else writes during the run is kept")
  func edited() async throws {
    let gated = try await runInProgress()
    let sandbox = gated.sandbox
    let tasks = ["0", "1", "2"].map { Sandbox.Task(id: $0, title: "New \($0)") }
    try sandbox.write(Sandbox.json(tasks), to: "tasks/tasks.json")
    gated.gate.letPass()
    #expect(try await gated.run.end().status == 0)
    var expected = tasks
    expected[1].status = "done"
    #expect(sandbox.text("tasks/tasks.json") == Sandbox.json(expected))
  }

  @Test(
    "a list that can no longer be read is left alone, and the user is told",
    arguments: [
      #"{"tasks": [ {"id": "1", "status": "in-progr"#, "",
      #"{"tasks": [{"id": "7", "title": "x", "status": "pending"}]}"#,
    ])
  func invalid(text: String) async throws {
    let gated = try await runInProgress()
    let sandbox = gated.sandbox
    try sandbox.write(text, to: "tasks/tasks.json")
    gated.gate.letPass()
    let result = try await gated.run.end()
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("lanes: statuses were not all written back: "))
    #expect(result.errors.contains(sandbox.path + "/tasks/tasks.json"))
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(sandbox.text("tasks/tasks.json") == text)
    #expect(sandbox.names(in: "tasks") == ["tasks.json"])
  }
}

extension Sandbox {
  /// The number and the time of the task list's file.
  fileprivate var identity: [Int] {
    var status = stat()
    guard lstat(path + "/tasks/tasks.json", &status) == 0 else { return [] }
    return [Int(status.st_ino), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
  }
}
