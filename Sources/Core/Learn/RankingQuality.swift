/// How good a predictor's scores were, held against what came of it.
package struct RankingQuality: Equatable, Sendable {
  /// The mean precision over all meetings, with ties counted as one step; the share of meetings is what
  /// chance gives.
  package var averagePrecision: Double
  /// Of the pairs that were predicted, the share that met.
  package var precision: Double
  /// Of the pairs that met, the share that was predicted.
  package var recall: Double
  /// The mean distance between probabilities and shares of meetings in ten equally wide bins, weighted by
  /// their pairs (Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
  /// binning", 2015).
  package var calibrationError: Double

  /// Scores from `threshold` on are predictions.
  package init(_ scores: [Double], _ outcomes: [Bool], threshold: Double) {
    averagePrecision = Self.steps(scores, outcomes).average
    let predicted = zip(scores, outcomes).filter { $0.0 >= threshold }
    let hits = predicted.filter(\.1).count
    precision = predicted.isEmpty ? 0 : Double(hits) / Double(predicted.count)
    let meetings = outcomes.filter { $0 }.count
    recall = meetings == 0 ? 0 : Double(hits) / Double(meetings)
    calibrationError = Self.calibrationError(scores, outcomes)
  }

  /// The score from which on predictions have the best harmonic mean of precision and recall; above 0, as
  /// that says nothing.
  package static func bestThreshold(_ scores: [Double], _ outcomes: [Bool]) -> Double {
    steps(scores, outcomes).threshold
  }

  /// Goes down the scores, the highest first.
  private static func steps(
    _ scores: [Double], _ outcomes: [Bool]
  ) -> (average: Double, threshold: Double) {
    let meetings = Double(outcomes.filter { $0 }.count)
    guard meetings > 0 else { return (0, .infinity) }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var (hits, average, best, threshold) = (0.0, 0.0, -1.0, Double.infinity)
    var (place, hitsBefore) = (0, 0.0)
    while place < order.count {
      let score = scores[order[place]]
      while place < order.count, scores[order[place]] == score {
        if outcomes[order[place]] { hits += 1 }
        place += 1
      }
      let precision = hits / Double(place)
      average += (hits - hitsBefore) / meetings * precision
      hitsBefore = hits
      let harmonic = 2 * hits / (Double(place) + meetings)
      if score > 0, harmonic > best { (best, threshold) = (harmonic, score) }
    }
    return (average, threshold)
  }

  private static func calibrationError(_ scores: [Double], _ outcomes: [Bool]) -> Double {
    var bins = [(count: Double, expected: Double, met: Double)](repeating: (0, 0, 0), count: 10)
    for (score, outcome) in zip(scores, outcomes) {
      let bin = min(9, max(0, Int(score * 10)))
      bins[bin].count += 1
      bins[bin].expected += score
      bins[bin].met += outcome ? 1 : 0
    }
    let off = bins.reduce(0) { $0 + abs($1.expected - $1.met) }
    return scores.isEmpty ? 0 : off / Double(scores.count)
  }
}
