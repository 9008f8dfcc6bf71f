import Glibc

/// A probability as the logistic function of a weighted sum.
package struct LogisticRegression: Equatable, Sendable {
  package var weights: [Double]

  package func probability(_ features: [Double]) -> Double {
    1 / (1 + exp(-zip(weights, features).reduce(0) { $0 + $1.0 * $1.1 }))
  }

  /// The weights under which the outcomes are likeliest, drawn towards `usual`.
  ///
  /// Newton's method on the likelihood with a Gaussian prior around `usual`, of inverse variance
  /// `precision`; with one score alone it is the scaling of Platt ("Probabilistic outputs for support vector
  /// machines", 1999). Cost: O(outcomes × weights²) a step, at most 30 steps.
  package init(
    fitting samples: [(features: [Double], outcome: Bool)], usual: [Double], precision: Double
  ) {
    weights = usual
    let count = usual.count
    for _ in 0..<30 {
      var slope = (0..<count).map { precision * (weights[$0] - usual[$0]) }
      var curve = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
      for place in 0..<count { curve[place][place] = precision }
      for (features, outcome) in samples {
        let expected = probability(features)
        let error = expected - (outcome ? 1 : 0)
        let spread = expected * (1 - expected)
        for row in 0..<count {
          slope[row] += error * features[row]
          for column in 0...row { curve[row][column] += spread * features[row] * features[column] }
        }
      }
      for row in 0..<count {
        for column in (row + 1)..<max(count, row + 1) {
          curve[row][column] = curve[column][row]
        }
      }
      guard let step = solution(curve, slope) else { return }
      for place in 0..<count { weights[place] -= step[place] }
      if step.allSatisfy({ abs($0) < 1e-9 }) { return }
    }
  }
}

/// The solution of a symmetric positive system by elimination; nil when there is none.
private func solution(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
  var (matrix, right) = (matrix, right)
  for pivot in right.indices {
    guard abs(matrix[pivot][pivot]) > 1e-12 else { return nil }
    for row in right.indices where row > pivot {
      let factor = matrix[row][pivot] / matrix[pivot][pivot]
      if factor == 0 { continue }
      for column in pivot..<right.count { matrix[row][column] -= factor * matrix[pivot][column] }
      right[row] -= factor * right[pivot]
    }
  }
  for row in right.indices.reversed() {
    for column in right.indices where column > row {
      right[row] -= matrix[row][column] * right[column]
    }
    right[row] /= matrix[row][row]
  }
  return right.allSatisfy(\.isFinite) ? right : nil
}
