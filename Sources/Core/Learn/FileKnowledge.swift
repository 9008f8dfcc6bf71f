import Glibc

/// What a history says of words and files: which words go with which files, and which files go together.
///
/// A file's probability given a word is its share of the word's commits, drawn towards nothing where
/// there were few, as in the translation model of Berger and Lafferty ("Information retrieval as
/// statistical translation", 1999), with the words of its path as one more commit. Later commits count
/// more. Which files change together is the confidence of association rules (Zimmermann et al.,
/// "Mining version histories to guide software changes", 2005).
package struct FileKnowledge: Equatable, Sendable {
  package var paths: [String]
  /// How many commits were counted.
  package var commits: Int
  package var words: [String: Int32]
  /// What is known of each word, by its number.
  package var wordFacts: [WordFacts]
  /// How probable each file is, given a word: the likeliest files of each word.
  package var filesOfWords: Links
  /// How probable each other file is, given that a file changes.
  package var companions: Links
  /// The files that change most often, with their share of all commits.
  package var usual: [Link]
  /// How often two tasks meet in a file when a word that is new in the history is in both.
  package var rateOfNewWords: Float

  package struct WordFacts: Equatable, Sendable {
    /// How rare the word is among commits: the logarithm of the inverse share.
    package var rarity: Float
    /// How much it says about files.
    package var weight: Float
    /// How often two tasks that both have it met in a file.
    package var rate: Float
  }

  /// A file, by its place in `paths`, and a probability.
  package struct Link: Equatable, Sendable {
    package var file: Int32
    package var share: Float
  }

  /// Lists of links in one array: those of the number n lie between `starts[n]` and `starts[n + 1]`.
  package struct Links: Equatable, Sendable {
    package var starts: [Int32] = [0]
    package var links: [Link] = []

    package subscript(number: Int) -> ArraySlice<Link> {
      links[Int(starts[number])..<Int(starts[number + 1])]
    }

    package var count: Int { starts.count - 1 }

    mutating func append(_ list: some Sequence<Link>) {
      links.append(contentsOf: list)
      starts.append(Int32(links.count))
    }
  }

  /// The rarity of a word that the history does not have.
  package var rarityOfNewWords: Float { logf(Float(commits + 1)) }

  private enum Limit {
    /// The files found by words, those of them whose companions are looked for, and all in the end.
    static let found = 40
    static let leading = 15
    static let files = 50
    /// How far a companion and a usual file are believed.
    static let companion: Float = 0.5
    static let usual: Float = 0.3
  }

  /// The files that a task with these words will probably change, in ascending order of their numbers.
  ///
  /// Cost: O(the files of the words).
  package func files(of known: [Int32]) -> [Link] {
    var sums: [Int32: Float] = [:]
    var total: Float = 1e-9
    for word in known {
      let weight = wordFacts[Int(word)].weight
      total += weight
      for link in filesOfWords[Int(word)] { sums[link.file, default: 0] += weight * link.share }
    }
    let found = Self.best(sums.map { Link(file: $0.key, share: $0.value / total) }, Limit.found)
    var result = Dictionary(uniqueKeysWithValues: found.map { ($0.file, $0.share) })
    func add(_ file: Int32, _ share: Float) {
      result[file] = 1 - (1 - (result[file] ?? 0)) * (1 - share)
    }
    for link in found.prefix(Limit.leading) {
      for other in companions[Int(link.file)] {
        add(other.file, Limit.companion * link.share * other.share)
      }
    }
    for link in usual { add(link.file, Limit.usual * link.share) }
    return Self.best(result.map { Link(file: $0.key, share: $0.value) }, Limit.files)
      .sorted { $0.file < $1.file }
  }

  /// The likeliest links, first those of higher probability.
  static func best(_ links: [Link], _ count: Int) -> [Link] {
    Array(links.sorted { ($1.share, $0.file) < ($0.share, $1.file) }.prefix(count))
  }
}
