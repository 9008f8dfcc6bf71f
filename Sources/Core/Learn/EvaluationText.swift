/// An evaluation for people, and for programs.
extension ConflictEvaluation {
  package var lines: [String] {
    if all.meetings == 0 {
      return [
        "📊 \(counted(commits, "commit")): too few to try predictions on: of \(counted(all.pairs, "pair"))"
          + " of the newer tasks none met in a file"
      ]
    }
    let what =
      source == .branches ? "\(tasks) merged branches" : "\(tasks) commits"
    let lines =
      [
        "📊 \(counted(commits, "commit")); the newest \(what) predicted as tasks, each fifth of all"
          + " from what is older"
      ] + table(all, "that began soon after one another, or were open together")
    let isApart = source == .branches && (1..<all.pairs).contains(together.pairs)
    return isApart && together.meetings > 0
      ? lines + [""] + table(together, "of branches that were open at the same time") : lines
  }

  private func table(_ outcome: Outcome, _ pairs: String) -> [String] {
    [
      "📊 \(counted(outcome.pairs, "pair")) \(pairs); \(outcome.share.percentText) of them changed the"
        + " same file",
      row("", "average precision", "precision", "recall", "calibration error"),
    ]
      + outcome.results.map { result in
        row(
          result.method.words, result.quality.averagePrecision.thousandths,
          result.quality.precision.percentText, result.quality.recall.percentText,
          result.method.isProbability ? result.quality.calibrationError.thousandths : "–")
      } + [row("guessing", outcome.share.thousandths, outcome.share.percentText, "", "")]
  }

  private func row(
    _ name: String, _ average: String, _ precision: String, _ recall: String, _ error: String
  ) -> String {
    trimmed(
      "   " + padded(name, 13) + leading(average, 18) + leading(precision, 11) + leading(recall, 8)
        + leading(error, 19))
  }

  /// One JSON object with a line end.
  package var json: [UInt8] {
    var json = JSONWriter(reservingCapacity: 2048)
    json.object { json in
      json.field("commits", commits)
      json.field("tasks_are", source.rawValue)
      json.field("tasks", tasks)
      all.write(to: &json)
      json.key("open_together")
      json.object { json in together.write(to: &json) }
    }
    json.newline()
    return json.bytes
  }
}

extension ConflictEvaluation.Outcome {
  fileprivate func write(to json: inout JSONWriter) {
    json.field("pairs", pairs)
    json.field("meetings", meetings)
    json.key("methods")
    json.object { json in
      for result in results {
        json.key(result.method.rawValue)
        json.object { json in
          json.field("average_precision", result.quality.averagePrecision)
          json.field("precision", result.quality.precision)
          json.field("recall", result.quality.recall)
          if result.method.isProbability {
            json.field("calibration_error", result.quality.calibrationError)
          }
        }
      }
    }
  }
}

extension ConflictEvaluation.Method {
  var words: String {
    switch self {
    case .learned: "learned"
    case .text: "files named"
    case .words: "like words"
    case .folders: "folders named"
    }
  }
}

extension Double {
  /// The number with three decimals: `0.043`.
  fileprivate var thousandths: String {
    guard isFinite, abs(self) < 1e12 else { return "0.000" }
    let number = Int((self * 1000).rounded())
    let digits = String(number % 1000)
    return "\(number / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
