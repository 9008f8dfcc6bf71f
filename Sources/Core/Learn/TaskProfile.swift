import Glibc

/// What a history makes of a task's text.
package struct TaskProfile: Equatable, Sendable {
  package var text: String
  /// Words that the history has, by their numbers, ascending.
  package var known: [Int32]
  /// Words that it does not have, ascending.
  package var new: [String]
  /// The files it will probably change, ascending.
  package var files: [FileKnowledge.Link]
  /// The length of its vector of words, weighted by rarity.
  package var length: Float
  /// How sure the text itself is of files that it names.
  package var named: [String: Double]
}

extension FileKnowledge {
  package func profile(_ text: String, named: [String: Double]) -> TaskProfile {
    var known: [Int32] = []
    var new: [String] = []
    for word in MessageWords.words(in: text) {
      if let number = words[word] { known.append(number) } else { new.append(word) }
    }
    known.sort()
    let squares =
      known.reduce(Float(0)) { $0 + square(wordFacts[Int($1)].rarity) }
      + Float(new.count) * square(rarityOfNewWords)
    return TaskProfile(
      text: text, known: known, new: new, files: files(of: known), length: squares.squareRoot(),
      named: named)
  }

  /// What two tasks have in common.
  package func overlap(_ first: TaskProfile, _ second: TaskProfile) -> TaskOverlap {
    var apart = 1.0
    common(first.files, second.files, \.file) {
      apart *= 1 - Double(min(0.99, $0.share * $1.share))
    }
    var (product, unrelated, strongest) = (Float(0), 1.0, Double?.none)
    func add(_ rarity: Float, _ rate: Float) {
      product += square(rarity)
      unrelated *= 1 - Double(rate)
      strongest = max(strongest ?? 0, Double(rate))
    }
    common(first.known, second.known, \.self) { word, _ in
      add(wordFacts[Int(word)].rarity, wordFacts[Int(word)].rate)
    }
    common(first.new, second.new, \.self) { _, _ in add(rarityOfNewWords, rateOfNewWords) }
    let lengths = first.length * second.length
    var unnamed = 1.0
    for (path, probability) in first.named {
      if let other = second.named[path] { unnamed *= 1 - probability * other }
    }
    return TaskOverlap(
      files: 1 - apart, likeness: lengths > 0 ? Double(product / lengths) : 0,
      words: 1 - unrelated, strongest: strongest, named: 1 - unnamed)
  }
}

/// Several views of how likely two tasks are to change the same file, each from 0 to 1.
package struct TaskOverlap: Equatable, Sendable {
  /// By the files that their words go with.
  package var files: Double
  /// The cosine of their words, weighted by rarity (Salton and Buckley, "Term-weighting approaches in
  /// automatic text retrieval", 1988).
  package var likeness: Double
  /// By how often earlier tasks met that had a word in common which both have.
  package var words: Double
  /// The same for the one of these words that tells most; nil when they share none.
  package var strongest: Double?
  /// By the files that both texts name.
  package var named: Double

  /// The numbers that the regression weighs; the first one stands for what is always so.
  var features: [Double] {
    [1, log(max(files, 1e-6)), likeness, log(max(likeness, 0.01)), named, words]
  }
}

private func square(_ number: Float) -> Float { number * number }

/// Calls `body` with the elements of two ascending lists that have the same key.
func common<Element, Key: Comparable>(
  _ first: [Element], _ second: [Element], _ key: KeyPath<Element, Key>,
  _ body: (Element, Element) -> Void
) {
  var (left, right) = (0, 0)
  while left < first.count, right < second.count {
    let (one, two) = (first[left][keyPath: key], second[right][keyPath: key])
    if one == two { body(first[left], second[right]) }
    if one <= two { left += 1 }
    if two <= one { right += 1 }
  }
}
