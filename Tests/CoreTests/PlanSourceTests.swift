import Core
import Glibc
import Testing

struct PlanSourceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test("the task list is looked for in TaskMaster's places, the newer one first")
  func locate() throws {
    #expect(try PlanSource.locate(explicit: "x.json", directory: folder.path) == "x.json")
    let error = #expect(throws: PlanError.self) { try PlanSource.locate(directory: folder.path) }
    #expect(error?.kind == .notFound)
    #expect(
      error?.problem
        == "TaskMaster tasks.json not found: .taskmaster/tasks/tasks.json, nor tasks/tasks.json, nor docs/planning/tasks, nor .spec-workflow/specs, in \(folder.path)"
    )
    try tasks("[]", in: ["tasks"])
    #expect(try PlanSource.locate(directory: folder.path) == "tasks/tasks.json")
    try tasks("[]", in: [".taskmaster", ".taskmaster/tasks"])
    #expect(try PlanSource.locate(directory: folder.path) == ".taskmaster/tasks/tasks.json")
  }

  @Test("without a word from the user, TaskMaster's state and configuration choose the tag")
  func state() throws {
    let lists = #"{"master": {"tasks": []}, "a": {"tasks": []}, "b": {"tasks": []}}"#
    try tasks(lists, in: [".taskmaster", ".taskmaster/tasks"])
    #expect(try tag() == "master")
    _ = try folder.write(#"{"global": {"defaultTag": "a"}}"#, to: ".taskmaster/config.json")
    #expect(try tag() == "a")
    _ = try folder.write(#"{"currentTag": "b"}"#, to: ".taskmaster/state.json")
    #expect(try tag() == "b")
    #expect(try tag("master") == "master")
    _ = try folder.write(#"{"currentTag": "gone"}"#, to: ".taskmaster/state.json")
    #expect(try tag() == "a")
  }

  @Test("a damaged state file is a finding, not an end")
  func damagedState() throws {
    try tasks(#"{"a": {"tasks": []}}"#, in: [".taskmaster", ".taskmaster/tasks"])
    _ = try folder.write("{", to: ".taskmaster/state.json")
    let plan = try PlanSource.read(file: PlanSource.places[0], directory: folder.path)
    #expect(plan.origin.tag == "a")
    #expect(
      plan.findings.map(\.problem) == [
        ".taskmaster/state.json is not used: the file ends inside the object that begins in line 1"
      ])
  }

  @Test("what is no readable file is an error at once")
  func unreadable() throws {
    #expect(mkfifo(folder.path + "/pipe", 0o644) == 0)
    let messages = ["none.json", "pipe", ".", "/dev/zero", "loop"].map { file in
      do throws(PlanError) {
        _ = try PlanSource.read(file: file, directory: folder.path)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(
      messages == [
        "none.json: TaskMaster tasks.json not found: none.json; check the path",
        "pipe: it cannot be read: it is no regular file; check that it is a task file and its permissions",
        ".: the folder holds no task list; name a file, a folder of tasks in YAML, or a folder of specs with tasks.md",
        "/dev/zero: it cannot be read: it is no regular file; check that it is a task file and its permissions",
        "loop: TaskMaster tasks.json not found: loop; check the path",
      ])
  }

  private func tasks(_ text: String, in folders: [String]) throws {
    for name in folders { _ = try folder.folder(name) }
    _ = try folder.write(text, to: (folders.last ?? "") + "/tasks.json")
  }

  private func tag(_ explicit: String? = nil) throws -> String? {
    try PlanSource.read(file: PlanSource.places[0], directory: folder.path, tag: explicit).origin
      .tag
  }
}
