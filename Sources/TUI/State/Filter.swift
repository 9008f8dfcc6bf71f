import Core

/// What is typed to see fewer tasks: words that all must match.
///
/// A word matches when it occurs in the id or the title, whatever its case, or is the beginning of
/// the task's state: `failed`, `run`, `waiting`.
struct Filter {
  private let words: [String]

  init(_ text: String) {
    words = text.lowercased().split(separator: " ").map(String.init)
  }

  func matches(_ task: Int, _ run: RunState) -> Bool {
    let spec = run.manifest.plan.tasks[task]
    let state = run.tasks[task].word
    let text = spec.id.text.lowercased() + " " + spec.title.lowercased()
    return words.allSatisfy { word in
      text.utf8.contains(word.utf8) || (word.utf8.count > 2 && state.hasPrefix(word))
    }
  }
}

extension Sequence<UInt8> where Self: Collection {
  /// Whether bytes occur in these in their order.
  fileprivate func contains(_ part: some Collection<UInt8>) -> Bool {
    part.isEmpty || firstRange(of: part) != nil
  }
}

extension ViewState {
  /// Finds the tasks that the filter lets through.
  ///
  /// Cost: O(tasks).
  mutating func applyFilter() {
    guard isFiltered else { return }
    let (filter, run) = (Filter(filter), run)
    index.filter { filter.matches($0, run) }
  }

  /// How many tasks the filter lets through.
  var matchCount: Int { index.lanes.reduce(0) { $0 + $1.matches.count } }

  mutating func setFilter(_ text: String) {
    filter = text
    applyFilter()
    isCursorFree = false
  }
}
