import Glibc

/// Counts what a history says of words and files.
struct KnowledgeBuilder {
  private let log: CommitLog
  /// The commits that are counted: the oldest.
  private let count: Int
  private let messages: [[String]]
  private var words: [String: Int32] = [:]
  private var wordsOfCommits: [[Int32]] = []
  private var frequencies: [Int32] = []

  private enum Constant {
    /// After this many commits a commit counts half as much.
    static let halfLife = 4000.0
    /// A commit with more files than this says nothing about any of them.
    static let largestCommit = 30
    /// How many commits the assumption that a word says nothing is worth.
    static let doubt: Float = 3
    /// A word in the paths of more files than this names none of them.
    static let mostNamed = 200
    static let filesOfWord = 64
    static let companions = 16
    static let leastShare: Float = 0.1
    static let usualFiles = 30
    /// How many earlier commits with the same word a commit is compared with.
    static let lookBack = 8
    /// How many such pairs the usual rate is worth.
    static let ratePrior: Float = 4
  }

  /// Takes the oldest `count` commits, of which `messages` has the words.
  ///
  /// Cost: O(words × files of the commits).
  static func knowledge(
    of log: CommitLog, oldest count: Int, messages: [[String]]
  ) -> FileKnowledge {
    var builder = KnowledgeBuilder(log: log, count: count, messages: messages)
    return builder.built()
  }

  private init(log: CommitLog, count: Int, messages: [[String]]) {
    (self.log, self.count, self.messages) = (log, count, messages)
  }

  /// The words of the messages of the oldest `count` commits; none of those that say nothing.
  static func messages(of log: CommitLog, oldest count: Int) -> [[String]] {
    log.commits.prefix(count).map { isTelling($0) ? MessageWords.words(in: $0.message) : [] }
  }

  private mutating func built() -> FileKnowledge {
    readWords()
    let named = filesByName()
    let (rates, rateOfNewWords) = meetingRates()
    let (filesOfWords, totals) = filesOfWords(named)
    var links = FileKnowledge.Links()
    var facts: [FileKnowledge.WordFacts] = []
    for word in frequencies.indices {
      let files = named[Int32(word)] ?? []
      let rarity = logf(Float(count + 1) / Float(frequencies[word] + 1))
      let focus = logf(Float(count + 1) / (Float(frequencies[word] + 1) + Float(files.count)))
      facts.append(
        FileKnowledge.WordFacts(
          rarity: rarity, weight: max(0, focus) * max(0, focus), rate: rates[word]))
      var shares = filesOfWords[word]
      for file in files { shares[file, default: 0] += 1 / Float(files.count) }
      let all = totals[word] + (files.isEmpty ? 0 : 1) + Constant.doubt
      let list = shares.map { FileKnowledge.Link(file: $0.key, share: $0.value / all) }
      links.append(FileKnowledge.best(list, Constant.filesOfWord))
    }
    let (companions, usual) = companions()
    return FileKnowledge(
      paths: log.paths, commits: count, words: words, wordFacts: facts, filesOfWords: links,
      companions: companions, usual: usual, rateOfNewWords: rateOfNewWords)
  }

  private mutating func number(of word: String) -> Int32 {
    if let known = words[word] { return known }
    let number = Int32(words.count)
    words[word] = number
    frequencies.append(0)
    return number
  }

  private mutating func readWords() {
    for message in messages.prefix(count) {
      let numbers = message.map { number(of: $0) }
      for number in numbers { frequencies[Int(number)] += 1 }
      wordsOfCommits.append(numbers)
    }
  }

  private static func isTelling(_ commit: CommitLog.Commit) -> Bool {
    (1...Constant.largestCommit).contains(commit.files.count)
  }

  private func recency(_ place: Int) -> Float {
    Float(exp2(Double(place - count) / Constant.halfLife))
  }

  /// The files that have a word in their paths, of those that the counted commits changed.
  private mutating func filesByName() -> [Int32: [Int32]] {
    let isSeen = log.isNamed(byOldest: count)
    var named: [Int32: [Int32]] = [:]
    for (file, path) in log.paths.enumerated() where isSeen[file] {
      for word in MessageWords.words(in: path) {
        named[number(of: word), default: []].append(Int32(file))
      }
    }
    return named.filter { $0.value.count <= Constant.mostNamed }
  }

  private func filesOfWords(_ named: [Int32: [Int32]]) -> (
    shares: [[Int32: Float]], totals: [Float]
  ) {
    var shares = [[Int32: Float]](repeating: [:], count: frequencies.count)
    var totals = [Float](repeating: 0, count: frequencies.count)
    for place in 0..<count {
      let weight = recency(place)
      for word in wordsOfCommits[place] {
        totals[Int(word)] += weight
        for file in log.commits[place].files { shares[Int(word)][file, default: 0] += weight }
      }
    }
    return (shares, totals)
  }

  /// How often two commits with the same word, one soon after the other, had a file in common.
  private func meetingRates() -> (rates: [Float], new: Float) {
    var last = [[Int32]](repeating: [], count: frequencies.count)
    var (pairs, meetings) = (last.map { _ in Float(0) }, last.map { _ in Float(0) })
    var (firstPairs, firstMeetings): (Float, Float) = (1, 0)
    for place in 0..<count {
      var known: [Int32: Bool] = [:]
      for word in wordsOfCommits[place].map(Int.init) {
        for other in last[word] {
          let meets =
            known[other] ?? log.commits[place].files.meets(log.commits[Int(other)].files)
          known[other] = meets
          pairs[word] += 1
          if meets { meetings[word] += 1 }
          guard last[word].count == 1 else { continue }
          firstPairs += 1
          if meets { firstMeetings += 1 }
        }
        if last[word].count == Constant.lookBack { last[word].removeFirst() }
        last[word].append(Int32(place))
      }
    }
    let new = firstMeetings / firstPairs
    let rates = zip(pairs, meetings).map { pairs, meetings in
      (meetings + Constant.ratePrior * new) / (pairs + Constant.ratePrior)
    }
    return (rates, new)
  }

  private func companions() -> (FileKnowledge.Links, usual: [FileKnowledge.Link]) {
    var together = [[Int32: Float]](repeating: [:], count: log.paths.count)
    var totals = [Float](repeating: 0, count: log.paths.count)
    var all: Float = 1e-9
    for (place, commit) in log.commits.prefix(count).enumerated() where Self.isTelling(commit) {
      let weight = recency(place)
      all += weight
      for file in commit.files {
        totals[Int(file)] += weight
        for other in commit.files where other != file {
          together[Int(file)][other, default: 0] += weight
        }
      }
    }
    var links = FileKnowledge.Links()
    for (file, others) in together.enumerated() {
      // Two commits more than there were keep a single one from being taken for a rule.
      let list = others.map {
        FileKnowledge.Link(file: $0.key, share: $0.value / (totals[file] + 2))
      }
      .filter { $0.share > Constant.leastShare }
      links.append(FileKnowledge.best(list, Constant.companions))
    }
    let shares = totals.enumerated().map {
      FileKnowledge.Link(file: Int32($0.offset), share: $0.element / all)
    }
    return (links, FileKnowledge.best(shares.filter { $0.share > 0 }, Constant.usualFiles))
  }
}
