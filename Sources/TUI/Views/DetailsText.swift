import Core

/// All that is known of one task.
struct DetailsText {
  private let state: ViewState
  private let columns: Int

  init(_ state: ViewState, columns: Int) {
    self.state = state
    self.columns = columns
  }

  var lines: [[Span]] {
    guard let task = state.selectedTask else { return [[Span("no task is selected", .dim)]] }
    var lines = head(task) + fields(task) + attempts(task)
    let text = state.plan.tasks[task].text
    lines += section("Description", text.description) + section("Details", text.details)
    lines += list("Acceptance criteria", text.acceptanceCriteria)
    lines += list(
      "Subtasks", text.subtasks.map { "\($0.isDone ? "[x]" : "[ ]") \($0.id) \($0.title)" })
    return lines + section("Test strategy", text.testStrategy)
  }

  private func head(_ task: Int) -> [[Span]] {
    let look = state.look(of: task)
    let title = wrappedLine(state.name(of: task), columns: max(8, columns - 2))
    var lines = [
      [Span("\(look.symbol) ", look.role, isBold: true), Span(title[0], .title, isBold: true)]
    ]
    lines += title.dropFirst().map { [Span("  \($0)", .title, isBold: true)] }
    let why = Explanation.lines(state.run, task: task, at: state.now).first ?? ""
    let sentence = why.split(separator: ":", maxSplits: 1).last.map(String.init) ?? why
    let taskState = state.run.tasks[task]
    let words =
      taskState.result.map { state.run.words(for: $0, of: task) } ?? shown(sentence, limit: 1000)
    lines += wrappedLine(words, columns: max(8, columns - 2)).map {
      [Span("  \($0.drop { $0 == " " })", look.role)]
    }
    if let value = barLine(task) { lines.append(value) }
    return lines
  }

  private func barLine(_ task: Int) -> [Span]? {
    let taskState = state.run.tasks[task]
    guard taskState.isRunning,
      let value = state.workload.progress(task, taskState, at: state.now)
    else { return nil }
    let room = min(40, max(4, columns - 30))
    let filled = Int(value.fraction * Double(room))
    let symbols = state.symbols
    let left = state.workload.remaining(task, taskState, at: state.now)
    return [
      Span("  "),
      Span(
        String(repeating: value.isGuess ? symbols.guessed : symbols.filled, count: filled),
        value.isGuess ? .guess : .progress),
      Span(String(repeating: symbols.track, count: room - filled), .track),
      Span(" \(value.percent)", value.isGuess ? .guess : .progress),
      Span(left.map { "  about \($0.about) left" } ?? "", .dim),
    ]
  }

  private func field(_ name: String, _ value: String) -> [[Span]] {
    if value.isEmpty { return [] }
    let pieces = wrappedLine(shown(value), columns: max(8, columns - 16))
    return pieces.enumerated().map { place, piece in
      let label = place == 0 ? "  \(name)" : ""
      let padding = String(repeating: " ", count: max(1, 16 - label.count))
      return [Span(label + padding, .dim), Span(piece)]
    }
  }

  private func fields(_ task: Int) -> [[Span]] {
    let (spec, taskState, graph) = (state.plan.tasks[task], state.run.tasks[task], state.plan.graph)
    func ids(_ tasks: some Collection<Int>) -> String {
      let first = tasks.prefix(40).map {
        "\(state.look(of: $0).symbol) \(state.plan.tasks[$0].id.text)"
      }
      let more = tasks.count > 40 ? ", and \(tasks.count - 40) more" : ""
      return first.joined(separator: ", ") + more
    }
    let command = spec.command ?? state.run.manifest.options.command ?? ""
    let estimate =
      spec.estimate?.clock ?? state.workload.expected(task).map { "about \($0.about)" } ?? ""
    let track = state.index.tracks[safe: state.lane(of: task)] ?? 0
    return [[]] + field("level", "\(state.level(of: task))")
      + field("track", track > 0 ? "\(track)" : "")
      + field("priority", spec.priority?.rawValue ?? "")
      + field("waits for", ids(graph.dependencies(of: task)))
      + field("frees", ids(graph.dependents(of: task)))
      + field("estimate", estimate) + field("worked", state.time(of: task))
      + field("process", taskState.process.map { $0.isJob ? $0.words : "\($0.pid)" } ?? "")
      + field("agent", state.run.agentWords(of: task) ?? state.run.manifest.options.agent ?? "")
      + field("cost", state.run.costWords(of: task) ?? "") + field("command", command)
      + field("files", spec.files.joined(separator: ", "))
      + field("part of", spec.parent?.text ?? "") + usage(taskState)
  }

  private func usage(_ task: TaskState) -> [[Span]] {
    guard task.usage.cpu > .zero else { return [] }
    let memory = (Double(task.usage.maxResident) / 1e6).rounded()
    return field("used", "\(task.usage.cpu.spent) of processor time, \(Int(memory)) MB at most")
  }

  private func attempts(_ task: Int) -> [[Span]] {
    let ended = state.history.attempts(of: task)
    let taskState = state.run.tasks[task]
    guard taskState.attempt > 0 else { return [] }
    var lines: [[Span]] = [[], [Span("Attempts", .title, isBold: true)]]
    for attempt in ended {
      lines.append([
        Span(
          "  \(attempt.number)  \(attempt.start.timeOfDay(state.options.secondsFromUTC))  ", .dim),
        Span("\((attempt.end - attempt.start).spent)  ", .text),
        Span(shown(attempt.outcome.words), attempt.outcome.isSuccess ? .succeeded : .failed),
      ])
    }
    if taskState.isRunning, let start = taskState.startedAt {
      lines.append([
        Span("  \(taskState.attempt)  \(start.timeOfDay(state.options.secondsFromUTC))  ", .dim),
        Span("\(taskState.elapsed(at: state.now).clock)  ", .text),
        Span(state.reason(of: task).isEmpty ? "running" : state.reason(of: task), .running),
      ])
    }
    return lines
  }

  private func section(_ title: String, _ body: String) -> [[Span]] {
    if body.isEmpty { return [] }
    return [[], [Span(title, .title, isBold: true)]]
      + wrapped(body, columns: max(8, columns - 2)).map { [Span("  \($0)")] }
  }

  private func list(_ title: String, _ items: [String]) -> [[Span]] {
    if items.isEmpty { return [] }
    return [[], [Span(title, .title, isBold: true)]]
      + items.prefix(500).flatMap { item in
        wrappedLine(shown(item), columns: max(8, columns - 4)).enumerated().map {
          [Span(($0.offset == 0 ? "  - " : "    ") + $0.element)]
        }
      }
  }
}
