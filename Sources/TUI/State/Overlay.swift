/// What lies over the view and takes the keys.
enum Overlay: Equatable, Sendable {
  case question(Question)
  case menu(Menu)
  case input(Input)

  /// Something that is asked in the last line; one key answers it.
  struct Question: Equatable, Sendable {
    struct Choice: Equatable, Sendable {
      var key: Character
      var words: String
      /// The words where there is little room.
      var short: String
      var effects: [Effect]

      init(_ key: Character, _ words: String, short: String? = nil, _ effects: [Effect]) {
        self.key = key
        self.words = words
        self.short = short ?? words
        self.effects = effects
      }
    }

    var words: String
    var choices: [Choice]

    /// A question with yes and no for answers.
    static func confirm(_ words: String, _ effects: [Effect]) -> Question {
      Question(
        words: words,
        choices: [Choice("y", "yes", effects), Choice("n", "no", [])])
    }
  }

  /// A list to choose from, narrowed by what is typed.
  struct Menu: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
      case actions
      /// With the theme to go back to.
      case themes(before: String)
    }

    var kind: Kind
    var text = ""
    var selected = 0
    /// The first item shown.
    var top = 0
  }

  /// A line of text being typed.
  struct Input: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
      /// With the filter to go back to.
      case filter(before: String)
      case search
    }

    var kind: Kind
    var text = ""
  }
}

/// One line of a menu.
struct MenuItem: Equatable, Sendable {
  enum Choice: Equatable, Sendable {
    case action(ViewAction)
    case theme(String)
  }

  var choice: Choice
  /// What the item is called; the filter looks here.
  var title: String
  var detail: String
  var keys: String
}

extension Overlay.Menu {
  /// The items that match what is typed, best first.
  ///
  /// Cost: O(items).
  func items(_ state: ViewState) -> [MenuItem] {
    let all: [MenuItem] =
      switch kind {
      case .actions: Self.actions(state)
      case .themes:
        state.options.themes.map {
          MenuItem(
            choice: .theme($0), title: shown($0, limit: 60),
            detail: $0 == state.theme ? "in use" : "", keys: "")
        }
      }
    if text.isEmpty { return all }
    return all.enumerated().compactMap { place, item in
      score(item).map { (item, $0, place) }
    }
    .sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
  }

  /// Letters may be anywhere in the title; in the words beside it they must be together.
  private func score(_ item: MenuItem) -> Int? {
    if let score = fuzzyScore(text, in: item.title) { return score }
    return item.detail.lowercased().firstRange(of: text.lowercased()).map { _ in 5000 }
  }

  private static func actions(_ state: ViewState) -> [MenuItem] {
    let actions = state.options.keys.entries.map { entry in
      MenuItem(
        choice: .action(entry.action), title: entry.action.rawValue, detail: entry.words,
        keys: entry.keys.map { $0.label(isUnicode: state.options.isUnicode) }
          .joined(separator: " "))
    }
    let themes = state.options.themes.map {
      MenuItem(
        choice: .theme($0), title: "theme \(shown($0, limit: 60))", detail: "use these colours",
        keys: "")
    }
    return actions + themes
  }
}

/// How badly a text matches letters that must occur in it in their order; nil when they do not.
///
/// Whole words and beginnings of words come first, then what lies close together. Case does not
/// count. Cost: O(length).
package func fuzzyScore(_ letters: String, in text: String) -> Int? {
  let wanted = Array(letters.lowercased().filter { $0 != " " })
  guard !wanted.isEmpty else { return 0 }
  let words = Array(text.lowercased())
  if let place = words.firstRange(of: wanted)?.lowerBound {
    let startsWord = place == 0 || !words[place - 1].isLetter
    return startsWord ? place : 100 + place
  }
  var (next, score) = (0, 1000)
  var last: Int?
  for (place, letter) in words.enumerated() where next < wanted.count && letter == wanted[next] {
    let startsWord = place == 0 || !words[place - 1].isLetter
    if let last, place > last + 1 { score += startsWord ? 1 : place - last }
    if last == nil { score += place }
    last = place
    next += 1
  }
  return next == wanted.count ? score : nil
}
