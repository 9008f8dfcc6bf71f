/// What a task's worker is told, as Markdown made of the task's own text.
package enum Prompt {
  /// Whether there is anything to tell: a task that brings its own command, and of which the list says
  /// nothing but a title, has its command to go by.
  package static func isNeeded(by task: TaskSpec) -> Bool {
    task.command == nil || task.text != TaskText() || !task.files.isEmpty
  }

  package static func text(for task: TaskSpec) -> String {
    var parts = ["# Task \(task.id): \(task.title)"]
    let text = task.text
    if !text.description.isEmpty { parts.append(text.description) }
    parts += section("Details", text.details)
    parts += list("Acceptance criteria", text.acceptanceCriteria)
    parts += list(
      "Subtasks", text.subtasks.map { "[\($0.isDone ? "x" : " ")] \($0.id) \($0.title)" })
    parts += section("Test strategy", text.testStrategy)
    parts += list("Files", task.files)
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func section(_ title: String, _ body: String) -> [String] {
    body.isEmpty ? [] : ["## \(title)\n\n\(body)"]
  }

  private static func list(_ title: String, _ items: [String]) -> [String] {
    section(title, items.map { "- \($0)" }.joined(separator: "\n"))
  }
}
