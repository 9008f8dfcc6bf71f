/// What a task's worker is told, as Markdown made of the task's own text.
package enum Prompt {
  /// What is known besides the task's own text.
  package struct Context: Equatable, Sendable {
    package var attempt = 1
    /// Why the attempt before was not accepted.
    package var feedback = ""
    /// What the tasks it depends on have delivered, a line or more for each.
    package var delivered: [String] = []

    package init() {}
  }

  /// Whether there is anything to tell: a task that brings its own command, and of which the list says
  /// nothing but a title, has its command to go by.
  package static func isNeeded(by task: TaskSpec) -> Bool {
    task.command == nil || task.text != TaskText() || !task.files.isEmpty
  }

  package static func text(for task: TaskSpec, _ context: Context = Context()) -> String {
    var parts = ["# Task \(task.id): \(task.title)"]
    let text = task.text
    if !text.description.isEmpty { parts.append(text.description) }
    parts += section("Details", text.details)
    parts += section("Acceptance criteria", part(.acceptanceCriteria, of: task, context))
    parts += section("Subtasks", part(.subtasks, of: task, context))
    parts += section("Test strategy", text.testStrategy)
    parts += section("Files", part(.files, of: task, context))
    parts += section("Done before", part(.dependencies, of: task, context))
    if !context.feedback.isEmpty {
      parts += section(
        "Attempt \(context.attempt - 1) was not accepted",
        context.feedback + "\n\nKeep what is right, and put this right.")
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// One part of what there is to tell; empty when there is nothing.
  package static func part(
    _ part: PromptPart, of task: TaskSpec, _ context: Context
  ) -> String {
    switch part {
    case .id: task.id.text
    case .title: task.title
    case .description: task.text.description
    case .details: task.text.details
    case .testStrategy: task.text.testStrategy
    case .subtasks:
      list(task.text.subtasks.map { "[\($0.isDone ? "x" : " ")] \($0.id) \($0.title)" })
    case .acceptanceCriteria: list(task.text.acceptanceCriteria)
    case .files: list(task.files)
    case .dependencies: list(context.delivered)
    case .feedback: context.feedback
    case .attempt: String(context.attempt)
    case .task: text(for: task, context)
    }
  }

  private static func section(_ title: String, _ body: String) -> [String] {
    body.isEmpty ? [] : ["## \(title)\n\n\(body)"]
  }

  private static func list(_ items: [String]) -> String {
    items.map { "- \($0)" }.joined(separator: "\n")
  }
}

/// What who resolves a conflict is told besides the task.
extension Prompt {
  package static func conflict(
    in files: [ConflictedFile], with others: [TaskSpec]
  ) -> String {
    """

    ## Conflict

    The work on this task is done, and does not merge with what other tasks did. The working tree has both
    sides, with conflict markers in these files. Keep what both were for, and leave no marker:

    \(list(files.map(\.words)))

    """
      + others.map { "\nThe other side:\n\n" + text(for: $0) }.joined()
  }
}

/// What a reviewer is told.
extension Prompt {
  package static func review(
    _ gate: Gate, of task: TaskSpec, _ context: Context, answer: String?
  ) -> String {
    let work = answer.map { "\n\n## What was reported\n\n\($0)" } ?? ""
    return reviewHead(gate, "the work on the task below") + text(for: task, context) + work
      + reviewEnd
  }

  /// For a gate that is about several tasks.
  package static func review(_ gate: Gate, of tasks: [TaskSpec], _ words: String) -> String {
    let list = list(tasks.map { "\($0.id): \($0.title)" })
    return reviewHead(gate, "\(words), with all tasks below") + "## Tasks\n\n" + list + reviewEnd
  }

  private static func reviewHead(_ gate: Gate, _ subject: String) -> String {
    let own = gate.instructions.map { $0 + "\n\n" } ?? ""
    return "# Review: \(gate.name)\n\nReview \(subject). Change nothing.\n\n" + own
  }

  private static var reviewEnd: String {
    "\n\nEnd your answer with a line that says PASS, or FAIL: and why.\n"
  }
}
