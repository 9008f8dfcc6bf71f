/// What is said of tasks that run at the same time although they will probably conflict.
extension Speculation {
  /// The figures in words: `2 pairs at the same time, 1 rolled back, won 30 s, cost 12 s`; nil when no pair
  /// ran at the same time.
  package var words: String? {
    guard pairs > 0 else { return nil }
    return
      "\(counted(pairs, "pair")) at the same time, \(rolledBack) rolled back, won \(won.readable),"
      + " cost \(cost.readable)"
  }

  /// Writes `speculation`; times in seconds.
  func encode(into json: inout JSONWriter) {
    json.key("speculation")
    json.object { json in
      json.field("pairs", pairs)
      json.field("rolled_back", rolledBack)
      json.field("won", won.seconds)
      json.field("cost", cost.seconds)
    }
  }
}

extension SpeculationEnd {
  /// What became of it, as the end of a sentence about the task.
  package func words(_ names: (TaskID) -> String) -> String {
    let others = list(others, names)
    return switch verdict {
    case .won: "ran beside \(others) and merges clean: won \(time.readable)"
    case .rolledBack:
      "ran beside \(others), does not merge with it and is rolled back: cost \(time.readable)"
    }
  }
}

/// The first tasks of several: `task 1, task 2 and 3 more`.
private func list(_ tasks: [TaskID], _ names: (TaskID) -> String) -> String {
  let more = tasks.count > 5 ? " and \(tasks.count - 5) more" : ""
  return tasks.prefix(5).map { "task \(names($0))" }.joined(separator: ", ") + more
}

extension PlainLines {
  func lines(ofSpeculation key: AttemptKey, beside others: [TaskID]) -> [String] {
    [
      "  🎲 Task \(name(key.task)) runs at the same time as \(list(others, name)), with which it will"
        + " probably conflict"
    ]
  }

  func lines(ofSpeculation key: AttemptKey, _ end: SpeculationEnd) -> [String] {
    let sign = end.verdict == .won ? "🎲" : "↩"
    return ["  \(sign) Task \(name(key.task)) \(end.words(name))"]
  }
}

extension Explanation {
  /// Beside whom a task runs although they will probably conflict, or what became of that.
  static func speculation(_ state: RunState, _ index: Int) -> [String] {
    guard let speculation = state.git?.speculation else { return [] }
    let ids = state.manifest.plan.tasks
    let open = state.tasks[index].isFinished ? [] : speculation.open(of: index).map { ids[$0].id }
    let names = { (id: TaskID) in cleaned(id.text) }
    if !open.isEmpty {
      return [
        "  runs at the same time as \(list(open, names)), with which it will probably conflict;"
          + " what does not merge is rolled back"
      ]
    }
    return speculation.end(of: index).map { ["  \($0.words(names))"] } ?? []
  }
}
