/// A plan for make: a file of its own marks each task that is done, so that a second call goes on.
struct Makefile {
  private let plan: ExportedPlan

  init(_ plan: ExportedPlan) {
    self.plan = plan
  }

  var text: String {
    let tasks = plan.plan.tasks.indices
    let all = tasks.map(BuildNames.mark).joined(separator: " ")
    let rules = tasks.map { index in
      let needs = plan.needs(of: index).map(BuildNames.mark).joined(separator: " ")
      return """
        \(BuildNames.mark(index)):\(needs.isEmpty ? "" : " ")\(needs)
        \t@echo \(BuildNames.words(plan, index).shellQuoted.forMake)
        \t@mkdir -p \(BuildNames.folder) && (cd \(plan.directory.shellQuoted.forMake) && \
        sh -c \(BuildNames.script(plan, index).shellQuoted.forMake)) && touch $@


        """
    }
    return plan.heading("Run it with: make -f THIS-FILE -j\(plan.options.jobs) -k") + """

      .PHONY: all
      all: \(all)


      """ + rules.joined()
  }
}

/// A plan for ninja.
struct NinjaFile {
  private let plan: ExportedPlan

  init(_ plan: ExportedPlan) {
    self.plan = plan
  }

  var text: String {
    let builds = plan.plan.tasks.indices.map { index in
      let needs = plan.needs(of: index).map(BuildNames.mark).joined(separator: " ")
      return """
        build \(BuildNames.mark(index)): task\(needs.isEmpty ? "" : " | ")\(needs)
          directory = \(plan.directory.shellQuoted.forNinja)
          words = \(BuildNames.words(plan, index).forNinja)
          script = \(BuildNames.script(plan, index).shellQuoted.forNinja)


        """
    }
    return plan.heading("Run it with: ninja -f THIS-FILE -j\(plan.options.jobs) -k0") + """

      rule task
        command = (cd $directory && sh -c $script) && mkdir -p \(BuildNames.folder) && touch $out
        description = $words


      """ + builds.joined()
  }
}

/// What the rules of a build file are called.
private enum BuildNames {
  static let folder = "lanes-done"

  static func mark(_ index: Int) -> String { "\(folder)/\(index + 1)" }

  /// A task on one line.
  static func words(_ plan: ExportedPlan, _ index: Int) -> String {
    let task = plan.plan.tasks[index]
    return "Task \(cleaned(task.id.text)) \(cleaned(task.title))"
  }

  /// A task's script on one line.
  ///
  /// What has a line end goes through printf, because a rule is one line.
  static func script(_ plan: ExportedPlan, _ index: Int) -> String {
    plan.script(of: index) { text in
      text.unicodeScalars.contains { $0 == "\n" || $0 == "\r" }
        ? "\"$(printf %b \(text.escapedForPrintf.shellQuoted))\"" : text.shellQuoted
    }
    .joined(separator: "; ")
  }
}

extension String {
  fileprivate var forMake: String { map { $0 == "$" ? "$$" : String($0) }.joined() }

  fileprivate var forNinja: String { forMake }
}
