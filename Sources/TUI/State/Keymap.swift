import Core

/// Which key asks for which action.
package struct Keymap: Equatable, Sendable {
  /// Every action once, with the keys it has here.
  package let entries: [KeyEntry]
  private let actions: [Key: ViewAction]

  /// The keys as they come with the program.
  package static var standard: Keymap { Keymap(entries: KeyTable.entries) }

  private init(entries: [KeyEntry]) {
    self.entries = entries
    var actions: [Key: ViewAction] = [:]
    for entry in entries { for key in entry.keys { actions[key] = entry.action } }
    self.actions = actions
  }

  /// The standard keys with other ones for some actions.
  ///
  /// An action named in `overrides` has the given keys only. A standard key given to another action
  /// is lost to the one that had it, which the palette still offers.
  package init(overrides: [String: [String]]) throws(KeymapError) {
    var chosen: [ViewAction: [Key]] = [:]
    var owners: [Key: ViewAction] = [:]
    for name in overrides.keys.sorted() {
      guard let action = ViewAction(rawValue: name) else {
        let words = ViewAction.allCases.map(\.rawValue)
        throw .unknownAction(name, nearest: nearest(name, among: words))
      }
      for word in overrides[name] ?? [] {
        guard let key = Key(name: word) else {
          throw .unknownKey(word, action: name, nearest: nearest(word, among: Key.wordNames))
        }
        if let owner = owners[key], owner != action {
          throw .givenTwice(key.name, owner.rawValue, name)
        }
        owners[key] = action
        chosen[action, default: []].append(key)
      }
      if chosen[action] == nil { chosen[action] = [] }
    }
    self.init(
      entries: KeyTable.entries.map { entry in
        var entry = entry
        entry.keys = chosen[entry.action] ?? entry.keys.filter { owners[$0] == nil }
        return entry
      })
  }

  /// What a key asks for; nil for nothing.
  package func action(for key: Key) -> ViewAction? { actions[key] }

  package func entry(for action: ViewAction) -> KeyEntry? {
    entries.first { $0.action == action }
  }

  /// The first key of an action, as it is written on the screen; nil when it has none.
  package func label(for action: ViewAction) -> String? {
    entry(for: action)?.keys.first?.label
  }
}

/// Why keys that a user chose cannot be used.
package enum KeymapError: Error, Equatable, CustomStringConvertible {
  case unknownAction(String, nearest: String?)
  case unknownKey(String, action: String, nearest: String?)
  case givenTwice(String, String, String)

  package var description: String {
    switch self {
    case .unknownAction(let name, let nearest):
      "keys: there is no action `\(cleaned(name))`"
        + (nearest.map { "; did you mean `\($0)`?" } ?? "; `docs/keys.md` lists them")
    case .unknownKey(let name, let action, let nearest):
      "keys: `\(cleaned(name))` for `\(action)` is no key"
        + (nearest.map { "; did you mean `\($0)`?" } ?? "; write `x`, `ctrl-x`, `f5` or `page-up`")
    case .givenTwice(let key, let first, let second):
      "keys: `\(key)` is given to both `\(first)` and `\(second)`; take it from one of them"
    }
  }
}
