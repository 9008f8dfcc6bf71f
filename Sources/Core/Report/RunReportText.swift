/// A report in lines for people.
extension RunReport {
  package var lines: [String] {
    heading + [""] + figures + [""] + spending + [""] + choices + [""] + taskTable
  }

  private var heading: [String] {
    let manifest = state.manifest
    return [
      "📋 Run \(manifest.id): \(word), \(counted(state.tasks.count, "task")) in"
        + " \(counted(metrics.levels, "level")) from \(cleaned(manifest.plan.origin.file))",
      "   \(state.startedAt.text) to \(now.text), lanes \(cleaned(manifest.version)),"
        + " -j \(state.jobs), \(manifest.options.schedule.rawValue)",
    ]
  }

  private var figures: [String] {
    let path = metrics.criticalPath.prefix(20).map { cleaned($0.text) }.joined(separator: " → ")
    let rest = metrics.criticalPath.count > 20 ? " → …" : ""
    return [
      "📊 Work of all tasks (T1): \(metrics.worked.readable)",
      "📊 Wall time (Tp): \(metrics.wall.readable)",
      "📊 Longest chain (T∞): \(metrics.criticalTime.readable)  \(path)\(rest)",
      "📊 With level barriers no faster than: \(metrics.levelBound.readable)",
      "📊 Speedup: \(metrics.speedup.ratioText)x of"
        + " \(metrics.theoreticalSpeedup.ratioText)x in theory,"
        + " efficiency \(metrics.efficiency.percentText) of \(metrics.peak) at once",
    ] + (state.git?.speculation?.words.map { ["📊 Speculation: \($0)"] } ?? [])
      + (state.crew.flatMap(CrewStatus.spending).map { ["📊 Cost: \($0)"] } ?? [])
  }

  /// The slots' time, one use a line.
  private var spending: [String] {
    ["📊 Where the slots' time went: \(slotTime.total.readable) in all"]
      + slotTime.uses.map { use in
        "  \(leading(slotTime.share(use).tenthsText, 6))  \(padded(use.words, 28))"
          + " \(slotTime[use].readable)"
      }
  }

  private var choices: [String] {
    guard let actual = alternatives.first else { return [] }
    return ["📊 With the same tasks, simulated:"]
      + alternatives.map { choice in
        let change = Self.change(choice.saving, of: actual.makespan)
        return "  -j \(padded(String(choice.jobs), 4)) \(padded(choice.schedule.rawValue, 9))"
          + " \(padded(choice.makespan.readable, 9)) \(choice == actual ? "as it was" : change)"
      }
  }

  /// A difference of times in words.
  static func change(_ saving: Duration, of whole: Duration) -> String {
    let share = whole > .zero ? abs(saving.seconds) / whole.seconds : 0
    guard share >= 0.0005 else { return "the same" }
    let size = saving < .zero ? Duration.zero - saving : saving
    return "\(size.readable) (\(share.tenthsText)) \(saving > .zero ? "less" : "more")"
  }

  private var taskTable: [String] {
    let lists = attemptsByTask
    let rows = state.tasks.indices.map { index -> [String] in
      let task = state.tasks[index]
      return [
        criticalTasks.contains(index) ? "●" : " ", name(of: index), result(of: index),
        String(lists[index].count), task.worked.readable, lists[index].barrierWait.readable,
        lists[index].slotWait.readable, task.usage.cpu.readable,
      ] + (hasAgents ? [lists[index].costText] : [])
    }
    let head =
      ["", "task", "result", "attempts", "time", "barrier", "slot", "cpu"]
      + (hasAgents ? ["cost"] : [])
    return TextTable.lines(head, rows, rightFrom: 3)
      + (criticalTasks.isEmpty ? [] : ["● on the longest chain"])
  }
}

/// Rows of text in columns that are as wide as their widest cell.
enum TextTable {
  /// The heading and the rows as lines; columns from `rightFrom` on are set flush right, and cells
  /// are cut to 48 characters.
  static func lines(_ head: [String], _ rows: [[String]], rightFrom: Int) -> [String] {
    let cells = ([head] + rows).map { $0.map(short) }
    let widths = head.indices.map { column in cells.lazy.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      let columns = row.indices.map { column in
        column < rightFrom
          ? padded(row[column], widths[column]) : leading(row[column], widths[column])
      }
      return trimmed("  " + columns.joined(separator: "  "))
    }
  }

  private static func short(_ text: String) -> String {
    text.count <= 48 ? text : text.prefix(47) + "…"
  }
}

extension Double {
  /// The share in per cent with one decimal: `44.3%`.
  package var tenthsText: String {
    guard isFinite else { return "0.0%" }
    let tenths = Int((self * 1000).rounded())
    return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)%"
  }
}
