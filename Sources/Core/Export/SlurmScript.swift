/// A plan as a script that gives Slurm one job a task, with their dependencies.
struct SlurmScript {
  private let plan: ExportedPlan

  init(_ plan: ExportedPlan) {
    self.plan = plan
  }

  var text: String {
    plan.heading("Run it with: sh THIS-FILE, on a machine that has sbatch.") + """
      set -eu
      cd \(plan.directory.shellQuoted)
      mkdir -p lanes-logs


      """
      + plan.plan.graph.levels.joined().map(job).joined()
      + "echo \(counted(plan.plan.tasks.count, "job")) handed in\n"
  }

  private func job(_ index: Int) -> String {
    let task = plan.plan.tasks[index]
    let script = plan.script(of: index, quote: \.shellQuoted).joined(separator: "\n")
    let end = Self.end(after: script)
    return """
      # \(cleaned(task.id.text)) \(cleaned(task.title))
      job\(index + 1)=$(sbatch --parsable \(options(of: index)) <<'\(end)'
      #!/bin/sh
      \(script)
      \(end)
      )


      """
  }

  private func options(of index: Int) -> String {
    let name = ExportNames.plain(plan.plan.tasks[index].id)
    var words = [
      "--job-name=lanes-\(name)", "--output=lanes-logs/\(index + 1).log",
      "--kill-on-invalid-dep=yes",
    ]
    if let timeout = plan.options.timeout {
      let minutes = (timeout * plan.options.attempts).microseconds / 60_000_000 + 1
      words.append("--time=\(minutes)")
    }
    let needs = plan.needs(of: index).map { ":${job\($0 + 1)%%;*}" }.joined()
    if !needs.isEmpty { words.append("\"--dependency=afterok\(needs)\"") }
    return words.joined(separator: " ")
  }

  /// A word that is no line of the script.
  private static func end(after script: String) -> String {
    let lines = Set(script.split(separator: "\n").map(String.init))
    var word = "LANES_END"
    while lines.contains(word) { word += "_" }
    return word
  }
}

/// Names made of task ids for programs that take few characters.
enum ExportNames {
  /// Lower-case letters, digits and single dashes, at most 40; `task` when nothing is left.
  static func plain(_ id: TaskID) -> String {
    var name = ""
    for character in id.text.lowercased() where name.count < 40 {
      let isPlain = character.isASCII && (character.isLetter || character.isNumber)
      if isPlain {
        name.append(character)
      } else if let last = name.last, last != "-" {
        name.append("-")
      }
    }
    while name.last == "-" { name.removeLast() }
    return name.isEmpty ? "task" : name
  }
}
