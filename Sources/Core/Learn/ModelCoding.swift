/// A model as bytes, and back.
///
/// `lanesCM` and the version; the length and the FNV-1a hash of what follows; then commit, weights and
/// tables. Numbers are little-endian, texts have their length before them.
extension ConflictModel {
  static let mark: [UInt8] = Array("lanesCM\u{2}".utf8)

  package var encoded: [UInt8] {
    var body = ModelWriter()
    body.text(commit)
    body.list(regression.weights) { $0.number($1.bitPattern) }
    body.number(UInt32(clamping: knowledge.commits))
    body.number(knowledge.rateOfNewWords.bitPattern)
    body.list(knowledge.paths) { $0.text($1) }
    body.list(knowledge.words.sorted { $0.value < $1.value }) { $0.text($1.key) }
    body.list(knowledge.wordFacts) { body, facts in
      body.number(facts.rarity.bitPattern)
      body.number(facts.weight.bitPattern)
      body.number(facts.rate.bitPattern)
    }
    for links in [knowledge.filesOfWords, knowledge.companions] {
      body.list(links.starts) { $0.number(UInt32(bitPattern: $1)) }
      body.list(links.links) { $0.link($1) }
    }
    body.list(knowledge.usual) { $0.link($1) }
    var whole = ModelWriter()
    whole.bytes = Self.mark
    whole.number(UInt32(body.bytes.count))
    whole.number(ModelReader.hash(body.bytes[...]))
    return whole.bytes + body.bytes
  }

  /// Nil when the bytes are no whole model of this version.
  ///
  /// Cost: O(bytes).
  package init?(encoded bytes: [UInt8]) {
    guard bytes.starts(with: Self.mark) else { return nil }
    var reader = ModelReader(bytes[Self.mark.count...])
    guard let length = reader.number(UInt32.self), let hash = reader.number(UInt64.self),
      reader.rest.count == Int(length), ModelReader.hash(reader.rest) == hash,
      let commit = reader.text(),
      let weights = reader.list({ $0.number(UInt64.self).map(Double.init(bitPattern:)) }),
      let knowledge = FileKnowledge(&reader), reader.rest.isEmpty,
      weights.count == Self.usualWeights.count, weights.allSatisfy(\.isFinite)
    else { return nil }
    self.init(
      commit: commit, knowledge: knowledge, regression: LogisticRegression(weights: weights))
  }
}

extension LogisticRegression {
  init(weights: [Double]) { self.weights = weights }
}

extension FileKnowledge {
  /// Reads the tables and checks that each number in them leads somewhere.
  fileprivate init?(_ reader: inout ModelReader) {
    guard let commits = reader.number(UInt32.self), let rate = reader.share(),
      let paths = reader.list({ $0.text() }), let words = reader.list({ $0.text() }),
      let facts = reader.list({ reader -> WordFacts? in
        guard let rarity = reader.share(), let weight = reader.share(), let rate = reader.share()
        else {
          return nil
        }
        return WordFacts(rarity: rarity, weight: weight, rate: rate)
      }),
      let filesOfWords = reader.links(files: paths.count),
      let companions = reader.links(files: paths.count),
      let usual = reader.list({ $0.link(files: paths.count) }), Set(words).count == words.count,
      facts.count == words.count, filesOfWords.count == words.count, companions.count == paths.count
    else { return nil }
    self.init(
      paths: paths, commits: Int(commits),
      words: Dictionary(uniqueKeysWithValues: zip(words, Int32(0)...)), wordFacts: facts,
      filesOfWords: filesOfWords, companions: companions, usual: usual, rateOfNewWords: rate)
  }
}

private struct ModelWriter {
  var bytes: [UInt8] = []

  mutating func number(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func text(_ text: String) {
    number(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  mutating func link(_ link: FileKnowledge.Link) {
    number(UInt32(bitPattern: link.file))
    number(link.share.bitPattern)
  }

  mutating func list<Element>(_ list: [Element], _ write: (inout ModelWriter, Element) -> Void) {
    number(UInt32(list.count))
    for element in list { write(&self, element) }
  }
}

private struct ModelReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard rest.count >= size else { return nil }
    defer { rest = rest.dropFirst(size) }
    return rest.prefix(size).reversed().reduce(Number(0)) {
      $0 << 8 | Number(truncatingIfNeeded: $1)
    }
  }

  /// A number that is finite and not below 0.
  mutating func share() -> Float? {
    guard let number = number(UInt32.self).map(Float.init(bitPattern:)), number.isFinite,
      number >= 0
    else { return nil }
    return number
  }

  mutating func text() -> String? {
    guard let length = number(UInt32.self), Int(length) <= rest.count else { return nil }
    defer { rest = rest.dropFirst(Int(length)) }
    return String(decoding: rest.prefix(Int(length)), as: UTF8.self)
  }

  mutating func link(files: Int) -> FileKnowledge.Link? {
    guard let file = number(UInt32.self), Int(file) < files, let share = share(), share <= 1 else {
      return nil
    }
    return FileKnowledge.Link(file: Int32(file), share: share)
  }

  mutating func links(files: Int) -> FileKnowledge.Links? {
    guard let starts = list({ $0.number(UInt32.self).flatMap { Int32(exactly: $0) } }),
      let links = list({ $0.link(files: files) }), starts.first == 0,
      starts.last.map(Int.init) == links.count,
      zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 })
    else { return nil }
    return FileKnowledge.Links(starts: starts, links: links)
  }

  /// As many elements as the number before them says; a number too high ends with the bytes.
  mutating func list<Element>(_ read: (inout ModelReader) -> Element?) -> [Element]? {
    guard let count = number(UInt32.self), Int(count) <= rest.count else { return nil }
    var list: [Element] = []
    list.reserveCapacity(Int(count))
    for _ in 0..<count {
      guard let element = read(&self) else { return nil }
      list.append(element)
    }
    return list
  }

  static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
