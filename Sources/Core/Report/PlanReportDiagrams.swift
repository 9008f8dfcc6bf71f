// The graph for programs that draw: an arrow leads from a task to each one that waits for it.
extension PlanReport {
  /// The graph in the language of Graphviz, the tasks of a level in one rank.
  package func dot() -> String {
    var text = "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n"
    for (task, spec) in plan.tasks.enumerated() {
      let label = "\(quotable(spec.id.text))\\n\(quotable(spec.title))"
      text += "  \(dotName(task)) [label=\"\(label)\"];\n"
    }
    for level in levels {
      text += "  { rank=same;"
      for task in level { text += " \(dotName(task));" }
      text += " }\n"
    }
    appendEdges(to: &text) { "  \(dotName($0)) -> \(dotName($1));\n" }
    return text + "}\n"
  }

  /// The graph in the language of Mermaid, a subgraph for each level.
  package func mermaid() -> String {
    var text = "flowchart LR\n"
    for (level, tasks) in levels.enumerated() {
      text += "  subgraph level\(level)[\"Level \(level)\"]\n"
      for task in tasks { text += "  \(mermaidNode(task))" }
      text += "  end\n"
    }
    for task in stuck { text += mermaidNode(task) }
    appendEdges(to: &text) { "  t\($0) --> t\($1)\n" }
    return text
  }

  private func appendEdges(to text: inout String, _ edge: (_ from: Int, _ to: Int) -> String) {
    for task in plan.tasks.indices {
      for dependency in plan.graph.dependencies(of: task) { text += edge(dependency, task) }
    }
  }

  /// The id in quotes; an id that is not shown as it is gets a name by its index.
  private func dotName(_ task: Int) -> String {
    let id = id(task)
    return cleaned(id) == id ? "\"\(quotable(id))\"" : "\"task at \(task)\""
  }

  private func quotable(_ text: String) -> String {
    cleaned(text).reduce(into: "") { result, character in
      if character == "\"" || character == "\\" { result.append("\\") }
      result.append(character)
    }
  }

  private func mermaidNode(_ task: Int) -> String {
    let spec = plan.tasks[task]
    return "  t\(task)[\"\(entities("\(spec.id.text): \(spec.title)"))\"]\n"
  }

  /// The text with every character that Mermaid or HTML would act on as a character reference.
  private func entities(_ text: String) -> String {
    cleaned(text).unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\"", "#", "&", "<", ">", "`", "\\", ";", "%", "{", "}": result += "#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
