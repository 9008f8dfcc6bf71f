// Where the tasks of a `tasks.md` begin and end.
extension SpecOutline {
  /// The lines of an entry: its own, and those below it that are further in, without blank ones at
  /// the end.
  func lines(of index: Int) -> Range<Int> {
    let start = entries[index].line
    let next = index + 1 < entries.count ? entries[index + 1].line : document.lines.count
    var end = start + 1
    scan: for place in start + 1..<max(next, start + 1) {
      let line = document.lines[place]
      switch line.kind {
      case .blank: continue
      case .heading, .rule: break scan
      case .code where end == place && isCode(place - 1): break
      case .code, .item, .plain, .row:
        guard line.indent > document.lines[start].indent else { break scan }
      }
      end = place + 1
    }
    return start..<end
  }

  private func isCode(_ place: Int) -> Bool { document.lines[place].kind == .code }

  /// How many blank lines part an entry from the one before it; none when other lines do.
  func gap(before index: Int) -> Int {
    guard index > 0 else { return 0 }
    let between = lines(of: index - 1).upperBound..<entries[index].line
    return document.lines[between].allSatisfy(\.isBlank) ? between.count : 0
  }

  /// Whether nothing but blank lines stands between an entry and the one before it.
  func follows(_ index: Int) -> Bool {
    guard index > 0 else { return false }
    return document.lines[lines(of: index - 1).upperBound..<entries[index].line]
      .allSatisfy(\.isBlank)
  }

  /// What stands before a line of details below an entry, as others have it.
  func detailMarker(of index: Int) -> String {
    let indent = document.lines[entries[index].line].indent
    let models =
      [index]
      + entries.indices.filter { document.lines[entries[$0].line].indent == indent }
    for model in models {
      let own = lines(of: model).dropFirst().first { document.marker(of: $0) != nil }
      if let marker = own.flatMap({ document.marker(of: $0) }) { return marker }
    }
    return document.whiteSpace(of: entries[index].line) + "  - "
  }

  /// The entry that a new one is to follow: the last with a lower number; nil when none has.
  func predecessor(of number: Substring) -> Int? {
    let wanted = Self.parts(of: number)
    return entries.lastIndex { Self.parts(of: $0.number).lexicographicallyPrecedes(wanted) }
  }

  /// The entry that a new one is to look like: a neighbour, or else one as deep.
  func model(for number: Substring) -> Int? {
    let wanted = Self.parts(of: number)
    let asDeep = entries.indices.filter { Self.parts(of: entries[$0].number).count == wanted.count }
    let siblings = asDeep.filter {
      Self.parts(of: entries[$0].number).dropLast().elementsEqual(wanted.dropLast())
    }
    return siblings.last ?? asDeep.last ?? entries.indices.last
  }

  /// The number after the highest without a dot.
  var nextNumber: Int {
    (entries.compactMap { Self.parts(of: $0.number).first }.max() ?? 0) &+ 1
  }

  static func parts(of number: Substring) -> [Int] {
    number.split(separator: ".").map { Int($0) ?? .max }
  }
}
