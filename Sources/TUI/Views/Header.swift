import Core

/// The first line: whose run, how far, how long.
struct Header {
  private let state: ViewState
  private let symbols: Symbols

  init(_ state: ViewState) {
    self.state = state
    symbols = Symbols(isUnicode: state.options.isUnicode)
  }

  /// The title of the terminal's window.
  var windowTitle: String {
    let done = state.run.counts.finished
    return "lanes: \(project) \(done)/\(state.plan.tasks.count)"
  }

  /// A part of the line; the parts with the lowest rank go first when there is no room.
  struct Part {
    var rank: Int
    var spans: [Span]

    var columns: Int { spans.reduce(0) { $0 + width(of: $1.text) } }
  }

  var left: [Part] {
    var parts = [Part(rank: 2, spans: [Span("lanes", .title, isBold: true)])]
    parts.append(Part(rank: 5, spans: [Span(project, .header)]))
    if let mode { parts.append(Part(rank: 4, spans: [Span(mode, .header)])) }
    if state.view != .lanes {
      parts.append(Part(rank: 7, spans: [Span(state.view.name, .title)]))
    }
    if let phase { parts.append(Part(rank: 8, spans: [phase])) }
    let levels = state.run.levels.count
    if !state.run.hasEnded, levels > 1, state.run.openLevel < levels, state.index.tracks.isEmpty {
      parts.append(
        Part(rank: 3, spans: [Span("level \(state.run.openLevel) of \(levels)", .header)]))
    }
    return parts
  }

  /// What is left of the parts in so many columns, with dots between them.
  func left(columns: Int) -> [Span] {
    var parts = left
    let counts = self.counts(withWords: columns > 84)
    parts.append(Part(rank: 9, spans: counts))
    if !state.run.hasEnded {
      parts.append(Part(rank: 1, spans: [Span("at most \(state.run.jobs)", .dim)]))
    }
    func needed() -> Int { parts.reduce(0) { $0 + $1.columns + 3 } - 3 }
    if needed() > columns, let place = parts.firstIndex(where: { $0.rank == 9 }) {
      parts.removeAll { $0.rank == 1 }
      parts[place].spans = self.counts(withWords: false)
    }
    while parts.count > 1, needed() > columns,
      let least = parts.indices.min(by: { parts[$0].rank < parts[$1].rank })
    {
      parts.remove(at: least)
    }
    return Array(parts.map(\.spans).joined(separator: [Span(" \(symbols.dot) ", .dim)]))
  }

  var right: [Span] {
    let end = state.run.hasEnded ? state.run.lastEventAt : state.now
    let wall = end - state.run.startedAt - state.run.downtime
    var spans = [Span(wall.clock, .header, isBold: true)]
    if let left = state.workload.remaining(state.run, at: state.now), !state.run.hasEnded {
      spans.append(Span("  about \(left.about) left", .header))
    }
    return spans
  }

  private var project: String {
    let folder = state.run.manifest.directory.split(separator: "/").last.map(String.init)
    return elided(shown(folder ?? "/", limit: 200), to: 30, mark: symbols.ellipsis)
  }

  private var mode: String? {
    switch state.options.mode {
    case .live: nil
    case .attached: state.hasStreamEnded && !state.run.hasEnded ? "no runner" : "attached"
    case .replay(let speed): "replay \(speed.ratioText)x"
    }
  }

  private var phase: Span? {
    switch state.run.phase {
    case .running: state.run.isDispatchPaused ? Span("dispatch paused", .paused) : nil
    case .draining: Span("ending", .warning)
    case .stopping: Span("stopping", .warning)
    case .finished(.succeeded): Span("succeeded", .succeeded)
    case .finished(.failed): Span("failed", .failed)
    case .finished(.interrupted): Span("stopped", .warning)
    }
  }

  private func counts(withWords: Bool) -> [Span] {
    let counts = state.run.counts
    let running = state.run.running.count
    let merging = state.run.git?.unmerged.count ?? 0
    let waiting = max(0, state.run.unfinished - running - merging)
    let all: [(Int, String, String, Role)] = [
      (running, symbols.running, "running", .running),
      (counts.succeeded, symbols.succeeded, "done", .succeeded),
      (merging, symbols.ready, "to merge", .succeeded),
      (waiting, symbols.waiting, "waiting", .waiting),
      (counts.failed, symbols.failed, "failed", .failed),
      (counts.blocked, symbols.blocked, "blocked", .blocked),
      (counts.skipped, symbols.skipped, "skipped", .skipped),
      (counts.cancelled, symbols.cancelled, "cancelled", .cancelled),
      (
        state.unseenWarnings, symbols.warning,
        state.unseenWarnings == 1 ? "warning" : "warnings", .warning
      ),
    ]
    let spans = all.filter { $0.0 > 0 }.map { count, symbol, word, role in
      [Span("\(symbol) \(count)\(withWords ? " \(word)" : "")", role)]
    }
    return Array(spans.joined(separator: [Span("  ")]))
  }
}

extension Canvas {
  mutating func draw(_ header: Header, in area: Area) {
    guard !area.isEmpty else { return }
    fill(area, " ", Style(.header))
    var rest = area.columns > 20 ? area.padded(1) : area
    var right = header.right
    if rest.columns < 70, right.count > 1 { right.removeLast() }
    let needed = right.reduce(0) { $0 + width(of: $1.text) }
    if rest.columns > needed + 12 {
      line(right, in: rest.takeRight(needed))
      _ = rest.takeRight(2)
    }
    line(header.left(columns: rest.columns), in: rest)
  }
}
