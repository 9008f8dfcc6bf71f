/// A plan as other programs can run it: each task as one shell command with its variables.
package struct ExportedPlan: Sendable {
  package let plan: Plan
  package let options: RunOptions
  /// The folder the tasks work in, absolute.
  package let directory: String

  package init(_ plan: Plan, options: RunOptions, directory: String) {
    self.plan = plan
    self.options = options
    self.directory = directory
  }

  /// Who a plan is written for.
  package enum Target: String, Equatable, Sendable, CaseIterable {
    case argo
    case slurm
    case make
    case ninja
  }

  /// The plan as a file for the target.
  package func text(for target: Target) -> String {
    switch target {
    case .argo: ArgoWorkflow(self).text
    case .slurm: SlurmScript(self).text
    case .make: Makefile(self).text
    case .ninja: NinjaFile(self).text
    }
  }

  /// What a task waits for: its dependencies, or with barriers all tasks of the level before.
  func needs(of index: Int) -> [Int] {
    switch options.schedule {
    case .dataflow, .tracks: return Array(plan.graph.dependencies(of: index))
    case .levels:
      let level = plan.graph.level[index]
      return level > 0 ? plan.graph.levels[level - 1] : []
    }
  }

  func command(of index: Int) -> String { plan.tasks[index].command ?? options.command ?? "" }

  /// The prompt of a task; empty when it needs none.
  func prompt(of index: Int) -> String {
    let task = plan.tasks[index]
    return Prompt.isNeeded(by: task) ? Prompt.text(for: task).withoutNUL : ""
  }

  /// The variables of a task, apart from the ones that name files.
  func variables(of index: Int) -> [(name: String, value: String)] {
    let task = plan.tasks[index]
    let own = [
      ("LANES_TASK_ID", task.id.text), ("LANES_TASK_TITLE", task.title),
      ("LANES_LEVEL", String(max(0, plan.graph.level[index]))),
    ]
    let shared = options.environment.sorted { $0.key < $1.key }
      .filter { $0.key.isShellName && !Secret.isSecret(variable: $0.key) }.map {
        ($0.key, $0.value)
      }
    return (shared + own).map { ($0.0, $0.1.withoutNUL) }
  }

  /// The task as a script for `/bin/sh`: the prompt as a file and on standard input, retries, time
  /// limit, and the exit status of the last attempt.
  ///
  /// All text of the task list is between single quotes, by `quote`.
  func script(of index: Int, quote: (String) -> String) -> [String] {
    var lines = variables(of: index).map { "export \($0.name)=\(quote($0.value))" }
    lines.append("LANES_PROMPT_FILE=$(mktemp) || exit 1")
    lines.append("export LANES_PROMPT_FILE")
    lines.append("printf %b \(quote(prompt(of: index).escapedForPrintf)) > \"$LANES_PROMPT_FILE\"")
    let limit = options.timeout.map {
      "timeout \(max(1, ($0.microseconds + 999_999) / 1_000_000)) "
    }
    let run = "\(limit ?? "")sh -c \(quote(command(of: index))) < \"$LANES_PROMPT_FILE\""
    lines.append("LANES_ATTEMPT=1 status=0")
    lines.append("export LANES_ATTEMPT")
    if options.attempts > 1 {
      let again = "[ \"$LANES_ATTEMPT\" -lt \(options.attempts) ]"
      lines.append(
        "until \(run); do status=$?; \(again) || break;"
          + " LANES_ATTEMPT=$((LANES_ATTEMPT + 1)); status=0; done")
    } else {
      lines.append("\(run)")
      lines.append("status=$?")
    }
    lines.append("rm -f \"$LANES_PROMPT_FILE\"")
    lines.append("exit $status")
    return lines
  }

  /// What the file says at its beginning.
  func heading(_ usage: String) -> String {
    """
    # \(counted(plan.tasks.count, "task")) in \(counted(plan.graph.levels.count, "level")), \
    written by lanes from \(cleaned(plan.origin.file)).
    # \(usage)

    """
  }
}

extension String {
  /// Between single quotes, as a POSIX shell reads it.
  var shellQuoted: String {
    // Not by characters: an apostrophe and an accent that follows it are one of another kind.
    var quoted = "'".unicodeScalars
    for scalar in unicodeScalars {
      if scalar == "'" { quoted.append(contentsOf: "'\\'".unicodeScalars) }
      quoted.append(scalar)
    }
    quoted.append("'")
    return String(quoted)
  }

  /// Whether a shell takes the text for the name of a variable.
  fileprivate var isShellName: Bool {
    guard let first, first.isASCII, first.isLetter || first == "_" else { return false }
    return allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  /// On one line, as `printf %b` turns it back.
  var escapedForPrintf: String {
    unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\r": "\\r"
      default: String(scalar)
      }
    }.joined()
  }

  fileprivate var withoutNUL: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { $0.value != 0 }))
  }
}
