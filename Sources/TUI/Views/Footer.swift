import Core

/// The last line: what is asked, what was just said, or the keys that help here.
extension Canvas {
  mutating func drawFooter(_ state: ViewState, in area: Area) {
    guard !area.isEmpty else { return }
    fill(area, " ", Style(.footer))
    let inner = area.columns > 20 ? area.padded(1) : area
    switch state.overlay {
    case .question(let question): draw(question, in: inner)
    case .input(let input): draw(input, state, in: inner)
    case .menu: drawMenuHints(in: inner)
    case nil:
      if let message = state.messages.current {
        text(message.text, message.weight.style, in: inner)
      } else {
        drawHints(state, in: inner)
      }
    }
  }

  private mutating func draw(_ question: Overlay.Question, in area: Area) {
    let forms = [
      question.choices.map { " \($0.words)" }, question.choices.map { " \($0.short)" },
      question.choices.map { _ in "" },
    ]
    let most = width(of: question.words)
    var choices: [Span] = []
    var needed = 0
    for (form, least) in zip(forms, [most, 0, 0]) {
      choices = zip(question.choices, form).flatMap { choice, words in
        [Span("  \(choice.key)", .key, isBold: true), Span(words, .footer)]
      }
      needed = choices.reduce(0) { $0 + width(of: $1.text) }
      if needed + min(least, 40) <= area.columns { break }
    }
    var rest = area
    let room = rest.columns - needed
    if room >= min(most, 8) {
      text(question.words, Style(.warning, isBold: true), in: rest.takeLeft(min(most, room)))
    } else {
      choices[0].text = String(choices[0].text.dropFirst(2))
    }
    line(choices, in: rest)
  }

  private mutating func draw(_ input: Overlay.Input, _ state: ViewState, in area: Area) {
    var rest = area
    let word: String
    var count = ""
    switch input.kind {
    case .filter:
      word = "filter: "
      if !input.text.isEmpty { count = "  \(counted(state.matchCount, "task"))" }
    case .search: word = "search: "
    }
    if rest.columns > 30 { textAtRight(count, Style(.dim), in: rest.takeRight(width(of: count))) }
    line([Span(word, .key)], in: rest.takeLeft(width(of: word)))
    drawInput(input.text, in: rest)
  }

  /// Text being typed, its end in sight, with the cursor behind it.
  mutating func drawInput(_ typed: String, in area: Area) {
    guard !area.isEmpty else { return }
    var tail = Substring(typed)
    while width(of: String(tail)) > area.columns - 1, !tail.isEmpty { tail = tail.dropFirst() }
    let columns = text(String(tail), Style(.input), in: area)
    showCursor(at: Point(column: area.column + columns, row: area.row))
  }

  private mutating func drawHints(_ state: ViewState, in area: Area) {
    var rest = area
    let keys = state.options.keys
    let fixed = hints([.help, .quit], keys)
    let needed = fixed.reduce(0) { $0 + width(of: $1.text) }
    guard needed <= rest.columns else {
      line(Array(fixed.prefix(2)), in: rest)
      return
    }
    let right = rest.takeRight(needed)
    var spans: [Span] = state.isFiltered ? filterHint(state) : []
    var columns = spans.reduce(0) { $0 + width(of: $1.text) }
    if spans.isEmpty, rest.columns > 12 { spans = moveHint(state) }
    columns = spans.reduce(0) { $0 + width(of: $1.text) }
    for action in state.hintedActions {
      let hint = hints([action], keys, isLog: state.view.isLog)
      let more = hint.reduce(0) { $0 + width(of: $1.text) }
      if columns + more > rest.columns { continue }
      spans += hint
      columns += more
    }
    line(spans, in: rest)
    line(fixed, in: right)
  }

  private mutating func drawMenuHints(in area: Area) {
    let arrows = symbols.isUnicode ? "↑↓" : "up/down"
    line(
      [
        Span(arrows, .key, isBold: true), Span(" choose  ", .footer),
        Span("Enter", .key, isBold: true), Span(" take  ", .footer),
        Span("Esc", .key, isBold: true), Span(" close", .footer),
      ], in: area)
  }

  private func filterHint(_ state: ViewState) -> [Span] {
    let text = elided(state.filter, to: 20, mark: symbols.ellipsis)
    return [
      Span("filter ", .key), Span(text, .input),
      Span(" \(symbols.dot) \(state.matchCount) of \(state.plan.tasks.count)  ", .footer),
    ]
  }

  private func moveHint(_ state: ViewState) -> [Span] {
    let isTwoWay = state.view == .lanes && !state.shape.isList || state.view == .graph
    let arrows =
      symbols.isUnicode ? (isTwoWay ? "↑↓←→" : "↑↓") : (isTwoWay ? "arrows" : "up/down")
    return [
      Span(arrows, .key, isBold: true),
      Span(" \(state.view.isText ? "scroll" : "move")  ", .footer),
    ]
  }

  private func hints(_ actions: [ViewAction], _ keys: Keymap, isLog: Bool = false) -> [Span] {
    actions.flatMap { action -> [Span] in
      guard let entry = keys.entry(for: action), let key = entry.keys.first else { return [] }
      return [
        Span(key.label(isUnicode: symbols.isUnicode), .key, isBold: true),
        Span(" \(isLog && action == .search ? "search" : entry.hint)  ", .footer),
      ]
    }
  }
}

extension ViewState {
  /// The actions worth a hint in this view, the most useful first.
  var hintedActions: [ViewAction] {
    let changes: [ViewAction] = run.manifest.options.git == nil ? [] : [.diff]
    return switch view {
    case .lanes:
      run.hasEnded
        ? [.open, .log, .timeline, .statistics, .search, .palette]
        : [
          .open, .pauseTask, .retry, .cancel, .search, .log, .pauseDispatch, .skip, .palette,
        ] + changes
    case .diff: [.back, .search, .nextMatch, .wrap, .diff, .log, .bottom, .fold, .palette]
    case .log: [.back, .search, .nextMatch, .follow, .wrap, .bottom, .fold, .palette]
    case .graph: [.back, .open, .pauseTask, .retry, .cancel, .palette]
    case .timeline: [.back, .open, .pauseTask, .retry, .cancel, .palette]
    case .details: [.back, .log] + changes + [.pauseTask, .retry, .cancel, .palette]
    case .statistics, .conflicts, .messages, .help: [.back, .lanes, .palette]
    }
  }
}

extension Message.Weight {
  var style: Style {
    switch self {
    case .news: Style(.footer)
    case .warning: Style(.warning)
    case .error: Style(.error, isBold: true)
    }
  }
}
