/// The names by which a document calls its tasks.
struct MarkdownNames {
  /// The id of each task, in the order of the document; of two with one id the second one is no task.
  private(set) var ids: [TaskID] = []
  private var indexes: [String: Int] = [:]

  init(of blocks: [MarkdownOutline.Block]) {
    ids = blocks.map(Self.id)
    for (index, block) in blocks.enumerated() {
      enter(ids[index].text, index)
      if let label = block.head.label { enter(String(label), index) }
    }
    // A title counts only where it is not another task's id.
    for (index, block) in blocks.enumerated() { enter(String(block.head.title), index) }
  }

  /// The index of the task a name means; nil when none is meant.
  func index(of name: some StringProtocol) -> Int? {
    var key = name.folded
    if let index = indexes[key] { return index }
    for word in ["tasks ", "task ", "spec ", "phase task "] where key.hasPrefix(word) {
      key.removeFirst(word.count)
      break
    }
    if key.hasPrefix("#") { key.removeFirst() }
    return indexes[key]
  }

  /// The indexes from one number to another: `1-3`, `Tasks 1–3`.
  func range(_ name: some StringProtocol) -> [Int] {
    let key = name.folded
    let digits = key.hasPrefix("tasks ") ? key.dropFirst(6) : key[...]
    let ends = digits.split { $0 == "-" || $0 == "–" }.compactMap { Int($0) }
    guard ends.count == 2, ends[0] < ends[1], ends[1] - ends[0] < 1000 else { return [] }
    let found = (ends[0]...ends[1]).map { indexes[String($0)] }
    return found.allSatisfy { $0 != nil } ? found.compactMap { $0 } : []
  }

  /// The indexes of the tasks that a name means for the task at an index: one, a range, or all before.
  func targets(of name: Substring, before index: Int) -> [Int] {
    if let target = self.index(of: name) { return [target] }
    let words = name.folded
    if words == "all" || words.hasPrefix("all previous") || words.hasPrefix("all of the above") {
      return Array(0..<index)
    }
    return range(name)
  }

  private mutating func enter(_ name: String, _ index: Int) {
    let key = name.folded
    if indexes[key] == nil { indexes[key] = index }
  }

  /// The id of a task: the number after `Task`; a title that is one word; else the number before the
  /// title, or the title in small letters with dashes.
  private static func id(of block: MarkdownOutline.Block) -> TaskID {
    let head = block.head
    if head.form == .named, let label = head.label { return TaskID(String(label)) }
    let title = head.title
    if !title.contains(" ") { return TaskID(String(title)) }
    if let label = head.label { return TaskID(String(label)) }
    let words = title.lowercased().split { !$0.isLetter && !$0.isNumber }
    return TaskID(words.joined(separator: "-"))
  }
}
