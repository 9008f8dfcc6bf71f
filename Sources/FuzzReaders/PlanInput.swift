import Core
import Glibc

/// A folder of its own for readers that take files.
private let folder: String = {
  let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  var template = Array("\(parent)/lanes-fuzz-XXXXXX".utf8CString)
  guard let path = mkdtemp(&template) else { preconditionFailure("no folder in \(parent)") }
  let folder = String(cString: path)
  mkdir(folder + "/planning", 0o755)
  mkdir(folder + "/planning/tasks", 0o755)
  write(Array("id: TASK-001\n".utf8), to: folder + "/planning/tasks/a.yaml")
  write(
    Array("id: TASK-002\ndependencies: [TASK-001]\n".utf8), to: folder + "/planning/tasks/b.yaml")
  return folder
}()

private func write(_ bytes: [UInt8], to path: String) {
  guard let file = fopen(path, "w") else { preconditionFailure("no file \(path)") }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

/// What a reader throws says what is wrong and what helps.
private func read(_ file: String, as format: Plan.Format) -> Plan? {
  do throws(PlanError) {
    return try PlanSource.read(file: file, directory: folder, format: format)
  } catch {
    precondition(!error.problem.isEmpty && !error.remedy.isEmpty)
    return nil
  }
}

private func changes(_ plan: Plan, _ status: TaskStatus) -> [TaskID: TaskStatus] {
  Dictionary(plan.tasks.map { ($0.id, status) }) { first, _ in first }
}

/// YAML: as a task, and as the state of a project, which is read or set aside.
func readPlanning(_ bytes: [UInt8]) {
  write(bytes, to: folder + "/task.yaml")
  if let plan = read("task.yaml", as: .planning) { check(plan) }
  write(bytes, to: folder + "/planning/.project-state.yaml")
  guard read("planning/tasks", as: .planning) != nil else { return }
  var file = StatusFile(path: folder + "/planning/tasks", tag: nil, format: .planning)
  let now = Instant(microseconds: 1_700_000_000_000_000)
  do throws(PlanError) {
    guard try file.tryWrite(["TASK-001": .done, "TASK-002": .inProgress], now: now) == .written
    else { return }
    let after = read("planning/tasks", as: .planning)
    precondition(after?.tasks.map(\.status) == [.done, .inProgress])
  } catch {
    precondition(error.kind == .unsuitable, "\(error)")
  }
  for name in FileBytes.names(in: folder + "/planning") where name.hasPrefix(".project-state") {
    unlink(folder + "/planning/" + name)
  }
}

/// Markdown, whose statuses can be changed and read again, or not be changed at all.
func readMarkdown(_ bytes: [UInt8]) {
  guard let plan = try? MarkdownImporter.plan(from: bytes, name: "input.md") else { return }
  check(plan)
  let edited = try? MarkdownStatusEdit.apply(changes(plan, .done), to: bytes, name: "input.md")
  guard let edited else { return }
  let again = try? MarkdownImporter.plan(from: edited, name: "input.md")
  precondition(again?.tasks.map(\.id) == plan.tasks.map(\.id))
  precondition(again?.tasks.allSatisfy { $0.status == .done } == true)
}

/// A `tasks.md` of spec-workflow.
func readSpecs(_ bytes: [UInt8]) {
  write(bytes, to: folder + "/tasks.md")
  guard let plan = read("tasks.md", as: .specs) else { return }
  check(plan)
  _ = try? SpecStatusEdit.apply(changes(plan, .done), to: bytes, name: "tasks.md")
}
