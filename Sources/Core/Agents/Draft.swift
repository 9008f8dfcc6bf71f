/// A task list made of a document of requirements: what is asked for, and what of an answer can be used.
package enum Draft {
  /// What came of an answer.
  package enum Check: Sendable {
    /// The bytes of the task list, and the plan that it is.
    case usable([UInt8], Plan)
    /// What is wrong with it, a line each.
    case refused([String])
  }

  /// What an agent is told; `findings` is what was wrong with its last answer.
  package static func prompt(for document: String, findings: [String] = []) -> String {
    let corrections =
      findings.isEmpty
      ? ""
      : "\n\n# What was wrong with your last answer\n\n"
        + findings.map { "- \($0)" }.joined(separator: "\n")
        + "\n\nAnswer with the whole list again."
    return """
      Turn the requirements below into a list of tasks that several workers can do at once.

      Answer with one JSON object and nothing else, in this form:

      {"master": {"tasks": [{"id": 1, "title": "…", "description": "…", "details": "…",
      "testStrategy": "…", "status": "pending", "priority": "high", "dependencies": [],
      "complexity": 5, "files": ["src/…"], "estimatedHours": 4}]}}

      Ids count from 1. A task depends on those whose result it needs, and on no other; there is no cycle.
      Tasks that can be done at the same time change different files. A task takes 4 to 16 hours. Priorities
      are low, medium, high and critical; complexity goes from 1 to 10.

      # Requirements

      \(document)\(corrections)

      """
  }

  /// Finds the list in an answer, and looks at it as before a run.
  package static func check(_ answer: String) -> Check {
    guard let list = object(in: Array(answer.utf8)) else {
      return .refused(["the answer holds no JSON object"])
    }
    do {
      let document = try JSONDocument(parsing: list, name: "answer")
      let plan = try TaskMasterImporter.plan(
        from: document, tag: nil, preferredTags: [], granularity: .task)
      let errors = plan.findings.filter { $0.severity != .note }
      if plan.tasks.isEmpty { return .refused(["there is no task in it"]) }
      if errors.isEmpty { return .usable(list + [UInt8(ascii: "\n")], plan) }
      return .refused(
        errors.map { finding in
          let place = finding.place.map { "line \($0.line): " } ?? ""
          return "\(place)\(finding.problem); \(finding.remedy)"
        })
    } catch {
      return .refused(["\(error)"])
    }
  }

  /// From the first brace that opens a line to the last one, so that words around the object do not matter.
  private static func object(in answer: [UInt8]) -> [UInt8]? {
    guard let start = answer.firstIndex(of: UInt8(ascii: "{")),
      let end = answer.lastIndex(of: UInt8(ascii: "}")), start < end
    else { return nil }
    return Array(answer[start...end])
  }
}
