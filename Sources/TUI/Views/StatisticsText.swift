import Core

/// The figures of the run: what was gained, and where time was lost.
struct StatisticsText {
  private let state: ViewState
  private let columns: Int
  private let symbols: Symbols

  init(_ state: ViewState, columns: Int) {
    self.state = state
    self.columns = columns
    symbols = state.symbols
  }

  var lines: [[Span]] {
    guard let figures = state.figures else { return [[Span("no figures yet", .dim)]] }
    let metrics = figures.metrics
    let blocks = [
      speed(metrics), tasks(metrics), time(metrics), losses(metrics), path(figures), machine,
    ]
    let whole = blocks.filter { !$0.isEmpty }
    guard columns >= 110 else { return Array(whole.joined(separator: [[]])) }
    return sideBySide(whole)
  }

  private func sideBySide(_ blocks: [[[Span]]]) -> [[Span]] {
    var (left, right): ([[Span]], [[Span]]) = ([], [])
    for block in blocks {
      if left.count <= right.count { left += block + [[]] } else { right += block + [[]] }
    }
    return [Span].beside(left, right, columns: columns / 2, mark: symbols.ellipsis)
  }

  /// The columns of a block.
  private var blockColumns: Int { columns >= 110 ? columns / 2 - 4 : columns }

  private func heading(_ words: String) -> [Span] { [Span(words, .title, isBold: true)] }

  private func row(_ name: String, _ value: String, _ note: String = "") -> [Span] {
    let note = blockColumns < 46 ? "" : note
    let padding = String(repeating: " ", count: max(1, 22 - width(of: name)))
    let gap = String(repeating: " ", count: max(1, 10 - width(of: value)))
    return [
      Span("  \(name)\(padding)", .text), Span(value, .text, isBold: true),
      Span(note.isEmpty ? "" : gap + note, .dim),
    ]
  }

  private func speed(_ metrics: Metrics) -> [[Span]] {
    [
      heading("Speed"),
      row("speedup", "\(metrics.speedup.ratioText)x", "task by wall time"),
      row("theoretical speedup", "\(metrics.theoreticalSpeedup.ratioText)x", "tasks by levels"),
      row("efficiency", metrics.efficiency.percentText, "of \(metrics.peak) at once"),
      row(
        "conflict rate", metrics.conflictRate.percentText,
        "\(counted(max(metrics.conflicts, state.conflicts.count), "conflict"))"),
    ] + speculation(state.run.git?.speculation)
  }

  /// What came of running pairs at the same time that might conflict.
  private func speculation(_ figures: Speculation?) -> [[Span]] {
    guard let figures, figures.pairs > 0 else { return [] }
    return [
      row("speculation", counted(figures.pairs, "pair"), "\(figures.rolledBack) rolled back"),
      row("won by it", figures.won.readable, "cost \(figures.cost.readable)"),
    ]
  }

  private func tasks(_ metrics: Metrics) -> [[Span]] {
    let (run, counts) = (state.run, state.run.counts)
    let merging = run.git?.unmerged.count ?? 0
    let waiting = max(0, run.unfinished - run.running.count - merging)
    let parts: [(Int, String, Role)] = [
      (counts.succeeded, "done", .succeeded), (run.running.count, "running", .running),
      (merging, "to merge", .succeeded), (waiting, "waiting", .waiting),
      (counts.failed, "failed", .failed),
      (counts.blocked, "blocked", .blocked), (counts.skipped, "skipped", .skipped),
      (counts.cancelled, "cancelled", .cancelled),
    ]
    let lines = parts.filter { $0.0 > 0 }.map { count, name, role in
      bar(name, Double(count) / Double(max(1, metrics.tasks)), "\(count)", role)
    }
    let attempts = row("attempts", "\(run.attempts)", "\(counted(metrics.levels, "level"))")
    return [heading("Tasks")] + lines + [attempts]
  }

  private func time(_ metrics: Metrics) -> [[Span]] {
    var lines = [
      heading("Time"), row("wall time", metrics.wall.spent),
      row("task time", metrics.worked.spent, "of all attempts"),
      row("longest chain", metrics.criticalTime.spent, "least possible"),
      row("levels one by one", metrics.levelBound.spent, "least with levels"),
    ]
    if let left = state.workload.remaining(state.run, at: state.now), !state.run.hasEnded {
      lines.append(row("left", "about \(left.about)"))
    }
    return lines
  }

  /// What the slots did with their time.
  private func losses(_ metrics: Metrics) -> [[Span]] {
    let idle = metrics.idle
    let whole = (metrics.worked + idle.total).seconds
    guard whole > 0 else { return [] }
    let parts: [(Duration, String, Role)] = [
      (metrics.worked - metrics.wasted, "working", .succeeded),
      (metrics.wasted, "failed attempts", .failed),
      (idle.barrier, "level barrier", .waiting),
      (idle.dependencies, "dependencies", .waiting), (idle.backoff, "waiting to retry", .warning),
      (idle.paused, "dispatch paused", .paused), (idle.ending, "ending", .waiting),
      (idle.launching, "launching", .waiting),
    ]
    return [heading("Where the slots' time went")]
      + parts.filter { $0.0.seconds / whole >= 0.001 }.map { time, name, role in
        bar(name, time.seconds / whole, time.spent, role)
      }
  }

  private func bar(_ name: String, _ share: Double, _ value: String, _ role: Role) -> [Span] {
    let names = blockColumns < 46 ? 17 : 20
    let padding = String(repeating: " ", count: max(1, names - width(of: name)))
    let room = max(4, min(40, blockColumns - names - 17))
    let filled = max(share > 0 ? 1 : 0, Int((share.clamped * Double(room)).rounded()))
    let percent = share.percentText
    return [
      Span("  \(name)\(padding)", .text),
      Span(String(repeating: " ", count: max(0, 4 - percent.count)) + percent + " ", .dim),
      Span(String(repeating: symbols.filled, count: filled), role),
      Span(String(repeating: symbols.track, count: room - filled), .track),
      Span(" \(value)", .dim),
    ]
  }

  private func path(_ figures: Figures) -> [[Span]] {
    guard figures.criticalPath.count > 1 else { return [] }
    let shown = figures.criticalPath.prefix(200).map {
      TUI.shown(state.plan.tasks[$0].id.text, limit: 40)
    }
    let rest = figures.criticalPath.count > 200 ? " \(symbols.arrow) \(symbols.ellipsis)" : ""
    let text = shown.joined(separator: " \(symbols.arrow) ") + rest
    return [heading("Critical path")]
      + wrappedLine(text, columns: max(10, blockColumns - 2)).map { [Span("  \($0)", .critical)] }
  }

  private var machine: [[Span]] {
    var lines: [[Span]] = []
    if let load = state.machine {
      lines.append(
        row("load", load.load.ratioText, "on \(counted(load.processors, "processor"))"))
      let share = load.memory > 0 ? Double(load.memoryUsed) / Double(load.memory) : 0
      lines.append(
        row(
          "memory", share.percentText, "\(gigabytes(load.memoryUsed)) of \(gigabytes(load.memory))")
      )
    }
    if let cost = state.cost { lines.append(row("cost", dollars(cost))) }
    return lines.isEmpty ? [] : [heading(state.machine == nil ? "Cost" : "Machine")] + lines
  }

  private func gigabytes(_ bytes: Int64) -> String {
    "\((Double(bytes) / 1e9 * 10).rounded() / 10) GB"
  }
}
