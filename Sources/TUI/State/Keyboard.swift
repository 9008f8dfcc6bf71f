/// What keys do: in what lies over the view, and otherwise by the table.
extension ViewState {
  mutating func press(_ key: Key) -> [Effect] {
    switch overlay {
    case .question(let question): return answer(question, key)
    case .menu(let menu): return press(key, in: menu)
    case .input(let input): return press(key, in: input)
    case nil:
      guard let action = options.keys.action(for: key) else { return [] }
      messages.dismiss()
      return perform(action)
    }
  }

  /// Puts pasted text where text is typed, and nowhere else.
  mutating func insert(_ text: String) -> [Effect] {
    let line = shown(String(text.prefix { !$0.isNewline }), limit: 500)
    switch overlay {
    case .menu(var menu):
      menu.text += line
      return update(menu)
    case .input(var input):
      input.text += line
      return update(input)
    case .question, nil: return []
    }
  }

  private mutating func answer(_ question: Overlay.Question, _ key: Key) -> [Effect] {
    if key == .control("c") { return interrupt() }
    if key == .escape {
      overlay = nil
      return []
    }
    guard case .character(let character) = key,
      let choice = question.choices.first(where: { $0.key == Character(character.lowercased()) })
    else { return [] }
    overlay = nil
    return choice.effects
  }

  // MARK: Typing

  private mutating func press(_ key: Key, in input: Overlay.Input) -> [Effect] {
    var input = input
    switch key {
    case .enter: return finish(input)
    case .escape, .control("c"):
      overlay = nil
      if case .filter(let before) = input.kind { setFilter(before) }
      return []
    case .up, .down, .pageUp, .pageDown:
      guard case .filter = input.kind, let action = options.keys.action(for: key) else { return [] }
      return perform(action)
    case .character, .control, .tab, .backTab, .backspace, .delete, .left, .right, .home, .end,
      .function:
      guard input.text.edit(key) else { return [] }
      return update(input)
    }
  }

  private mutating func update(_ input: Overlay.Input) -> [Effect] {
    overlay = .input(input)
    if case .filter = input.kind { setFilter(input.text) }
    return []
  }

  private mutating func finish(_ input: Overlay.Input) -> [Effect] {
    overlay = nil
    switch input.kind {
    case .filter:
      if isFiltered, matchCount == 0 { say("no task matches; Esc drops the filter", .warning) }
      return []
    case .search:
      log.query = input.text
      log.match = nil
      return log.query.isEmpty ? [] : log.search(forward: true)
    }
  }

  // MARK: Menus

  private mutating func press(_ key: Key, in menu: Overlay.Menu) -> [Effect] {
    var menu = menu
    switch key {
    case .enter: return choose(menu)
    case .escape, .control("c"): return close(menu)
    case .up: menu.selected -= 1
    case .down, .tab: menu.selected += 1
    case .pageUp: menu.selected -= 10
    case .pageDown: menu.selected += 10
    case .home: menu.selected = 0
    case .end: menu.selected = .max / 2
    case .character, .control, .backTab, .backspace, .delete, .left, .right, .function:
      guard menu.text.edit(key) else { return [] }
      (menu.selected, menu.top) = (0, 0)
    }
    return update(menu)
  }

  /// Shows a menu with its selection on an item, and a theme as soon as it is selected.
  mutating func update(_ menu: Overlay.Menu) -> [Effect] {
    var menu = menu
    let items = menu.items(self)
    menu.selected = max(0, min(menu.selected, items.count - 1))
    let height = MenuLayout(self).rows
    menu.top = max(0, min(menu.top, menu.selected))
    if menu.selected >= menu.top + height { menu.top = menu.selected - height + 1 }
    overlay = .menu(menu)
    guard case .themes = menu.kind, let item = items[safe: menu.selected] else { return [] }
    return load(item)
  }

  private func load(_ item: MenuItem) -> [Effect] {
    guard case .theme(let name) = item.choice, name != theme else { return [] }
    return [.loadTheme(name)]
  }

  /// Does what the selected item says.
  mutating func choose(_ menu: Overlay.Menu) -> [Effect] {
    overlay = nil
    guard let item = menu.items(self)[safe: menu.selected] else { return close(menu) }
    switch item.choice {
    case .action(let action): return perform(action)
    case .theme: return load(item)
    }
  }

  private mutating func close(_ menu: Overlay.Menu) -> [Effect] {
    overlay = nil
    guard case .themes(let before) = menu.kind, before != theme else { return [] }
    return [.loadTheme(before)]
  }

  mutating func openThemes() {
    var menu = Overlay.Menu(kind: .themes(before: theme))
    menu.selected = options.themes.firstIndex(of: theme) ?? 0
    _ = update(menu)
  }
}

extension String {
  /// Changes the text as a key does that edits it; returns whether the key does.
  fileprivate mutating func edit(_ key: Key) -> Bool {
    switch key {
    case .character(let character):
      if count < 200 { append(shown(String(character), limit: 64)) }
    case .backspace, .control("h"): if !isEmpty { removeLast() }
    case .control("u"): self = ""
    case .control("w"):
      while last == " " { removeLast() }
      while let last, last != " " { removeLast() }
    case .enter, .escape, .tab, .backTab, .delete, .up, .down, .left, .right, .pageUp, .pageDown,
      .home, .end, .control, .function:
      return false
    }
    return true
  }
}
