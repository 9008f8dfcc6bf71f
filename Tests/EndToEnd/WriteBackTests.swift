import Core
import Glibc
import Testing

/// How the statuses in the task list follow a run.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct WriteBackTests {
  /// A file that no program would write: every byte but the statuses must stay.
  private static func text(_ one: String, _ two: String, _ three: String) -> String {
    "\u{FEFF}{ \"tasks\" :[\r\n\t{\"id\":1 ,\"status\":\"\(one)\",\"x\":1e+02,\"dependencies\":[]},\r\n"
      + "\t{\"title\":\"\\u00e9\\/\",  \"status\" : \"\(two)\", \"id\":\"2\",\"dependencies\":\"1\"},\n"
      + "{\"id\":3,\"status\":\"\(three)\"}  ] , \"more\": {} }"
  }

  private func sandbox() throws -> Sandbox {
    let sandbox = try Sandbox([])
    try sandbox.write(Self.text("pending", "todo", "done"), to: "tasks/tasks.json")
    return sandbox
  }

  @Test("only the bytes of the statuses change")
  func bytes() async throws {
    let sandbox = try sandbox()
    let run = try await sandbox.run("run", "--command", "true")
    #expect(run.status == 0)
    #expect(sandbox.text("tasks/tasks.json") == Self.text("done", "done", "done"))
    #expect(sandbox.names(in: "tasks") == ["tasks.json"])
  }

  @Test("a task that runs is in progress, one that failed is pending again")
  func inProgress() async throws {
    let sandbox = try sandbox()
    let lanes = try await sandbox.start(
      "run", "--command", "until test -e go; do sleep 0.02; done; exit 1")
    try await sandbox.until("in progress") {
      sandbox.text("tasks/tasks.json") == Self.text("in-progress", "todo", "done")
    }
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 1)
    #expect(sandbox.text("tasks/tasks.json") == Self.text("pending", "todo", "done"))
  }

  @Test("on request the file is left alone")
  func leftAlone() async throws {
    let sandbox = try sandbox()
    var before = stat()
    #expect(stat(sandbox.path + "/tasks/tasks.json", &before) == 0)
    #expect(try await sandbox.run("run", "--command", "true", "--no-write-status").status == 0)
    var after = stat()
    #expect(stat(sandbox.path + "/tasks/tasks.json", &after) == 0)
    #expect(before.st_ino == after.st_ino)
    #expect(sandbox.text("tasks/tasks.json") == Self.text("pending", "todo", "done"))
  }

  @Test("while another program has the lock nothing is written, and all of it afterwards")
  func locked() async throws {
    let sandbox = try sandbox()
    try sandbox.write("{\"pid\":1,\"timestamp\":0}", to: "tasks/tasks.json.lock")
    let lanes = try await sandbox.start("run", "--command", "true", "--output", "json")
    try await lanes.event("run_finished")
    #expect(sandbox.text("tasks/tasks.json") == Self.text("pending", "todo", "done"))
    #expect(unlink(sandbox.path + "/tasks/tasks.json.lock") == 0)
    let run = try await lanes.end()
    #expect(run.status == 0)
    #expect(run.errors == "")
    #expect(sandbox.text("tasks/tasks.json") == Self.text("done", "done", "done"))
  }

  @Test("a file that became invalid is not touched, and the run says so")
  func invalid() async throws {
    let sandbox = try sandbox()
    let broken = "{\"tasks\": [ {\"id\": 1, \"status\": \"pend"
    let lanes = try await sandbox.start(
      "run", "--command", "until test -e go; do sleep 0.02; done", "--output", "json")
    try await lanes.event("attempt_launched")
    try await sandbox.until("in progress") {
      sandbox.text("tasks/tasks.json").contains("in-progress")
    }
    try sandbox.write(broken, to: "tasks/tasks.json")
    try sandbox.write("", to: "go")
    let run = try await lanes.end()
    #expect(run.status == 0)
    #expect(sandbox.text("tasks/tasks.json") == broken)
    #expect(run.errors.contains("statuses were not all written back: "))
    #expect(run.errors.contains("tasks.json:1:"))
    try sandbox.write(Self.text("pending", "pending", "done"), to: "tasks/tasks.json")
    #expect(try await sandbox.run("resume").status == 0)
    #expect(sandbox.text("tasks/tasks.json") == Self.text("done", "done", "done"))
  }

  @Test("what a person changes meanwhile stays")
  func edited() async throws {
    let sandbox = try sandbox()
    let lanes = try await sandbox.start(
      "run", "--command", "until test -e go; do sleep 0.02; done", "--output", "json")
    try await lanes.event("attempt_launched")
    try await sandbox.until("in progress") {
      sandbox.text("tasks/tasks.json").contains("in-progress")
    }
    let edited = Self.text("in-progress", "pending", "review").replacing("1e+02", with: "7")
    try sandbox.write(edited, to: "tasks/tasks.json")
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 0)
    #expect(
      sandbox.text("tasks/tasks.json")
        == Self.text("done", "done", "review").replacing("1e+02", with: "7"))
  }
}
