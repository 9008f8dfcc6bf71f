import Core

/// What the user asks of the run.
extension ViewState {
  /// Stops the selected task's processes, or lets them go on.
  mutating func pauseTask() -> [Effect] {
    onTask { state, task, id in
      state.send(state.run.tasks[task].pausedSince == nil ? .pause([id]) : .proceed([id]))
    }
  }

  mutating func retry(withDependents: Bool) -> [Effect] {
    onTask { state, task, id in
      state.send(
        .retry([id], withDependents: withDependents),
        asking: withDependents
          ? "Try \(state.name(of: task)) again, with its dependents?" : nil)
    }
  }

  mutating func cancelTask() -> [Effect] {
    onTask { $0.send(.cancel([$2]), asking: "Cancel \($0.name(of: $1))?") }
  }

  mutating func killTask() -> [Effect] {
    onTask { $0.send(.kill([$2]), asking: "Kill the processes of \($0.name(of: $1))?") }
  }

  mutating func skipTask() -> [Effect] {
    onTask { state, task, id in
      state.send(
        .skip([id]), asking: "Skip \(state.name(of: task)) and free its dependents?")
    }
  }

  private mutating func onTask(
    _ act: (inout ViewState, _ task: Int, TaskID) -> [Effect]
  ) -> [Effect] {
    guard let task = selectedTask else {
      say("select a task first", .warning)
      return []
    }
    return act(&self, task, plan.tasks[task].id)
  }

  mutating func pauseDispatch() -> [Effect] {
    send(run.isDispatchPaused ? .continueDispatch : .pauseDispatch)
  }

  mutating func retryFailed() -> [Effect] { send(.retryFailed) }

  mutating func changeJobs(by step: Int) -> [Effect] {
    if run.jobs + step > 0 { return send(.jobs(run.jobs + step)) }
    say("one task at a time is the least", .warning)
    return []
  }

  /// Sends a command, or says why it cannot be done; `question` is asked before.
  ///
  /// The run's own rules say what can be done, so the view refuses in the same words.
  private mutating func send(
    _ command: ControlCommand, asking question: String? = nil
  ) -> [Effect] {
    if case .replay = options.mode {
      say("this is a replay of a past run: nothing in it can be changed", .warning)
      return []
    }
    if case .refused(let words) = run.decide(.command(command), at: now).reply {
      say(words, .warning)
      return []
    }
    guard let question else { return [.command(command)] }
    overlay = .question(.confirm(question, [.command(command)]))
    return []
  }

  // MARK: Leaving

  mutating func quit() -> [Effect] {
    guard options.mode == .live, !run.hasEnded else { return [.leave(.close)] }
    overlay = .question(quitQuestion)
    return []
  }

  /// How a live run can be left.
  var quitQuestion: Overlay.Question {
    Overlay.Question(
      words: "Leave the view?",
      choices: [
        Overlay.Question.Choice(
          "f", "finish in plain lines", short: "finish", [.leave(.finishWithoutView)]),
        Overlay.Question.Choice("d", "detach", [.leave(.detach)]),
        Overlay.Question.Choice("s", "stop", [.leave(.stop)]),
        Overlay.Question.Choice("n", "stay", []),
      ])
  }

  mutating func stopAll() -> [Effect] {
    switch options.mode {
    case .live where run.hasEnded: return [.leave(.close)]
    case .live:
      overlay = .question(.confirm("Stop everything that runs, and leave?", [.leave(.stop)]))
    case .attached:
      return send(.stop, asking: "Stop the run that the other terminal runs?")
    case .replay: return send(.stop)
    }
    return []
  }

  // MARK: Copying

  /// Copies what is selected: a task's line, or the text that is seen.
  mutating func copy() -> [Effect] {
    let text: String? =
      switch view {
      case .lanes, .graph, .timeline: selectedTask.map { name(of: $0) }
      case .log, .diff: log.lines.isEmpty ? nil : log.lines.map(\.text).joined(separator: "\n")
      case .details: selectedTask.map { Prompt.text(for: plan.tasks[$0]) }
      case .statistics, .conflicts, .messages, .help:
        textLines().map { $0.map(\.text).joined() }.joined(separator: "\n")
      }
    guard let text, !text.isEmpty else {
      say("there is nothing to copy here", .warning)
      return []
    }
    // Terminals take about 100 kB at most.
    let cut = text.utf8.count > 70_000 ? String(text.unicodeScalars.prefix(20_000)) : text
    say("copied: \(counted(cut.split(separator: "\n").count, "line"))")
    return [.copy(cut)]
  }
}
