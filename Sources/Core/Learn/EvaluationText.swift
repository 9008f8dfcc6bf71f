/// An evaluation for people, and for programs.
extension ConflictEvaluation {
  package var lines: [String] {
    let unit = source == .branches ? "merged branch" : "commit"
    let what = source == .branches ? "merged branches" : "commits"
    if meetings == 0 {
      return [
        "📊 \(counted(commits, "commit")): too few to try predictions on: of \(counted(pairs, "pair"))"
          + " in the newest fifth none met in a file"
      ]
    }
    return [
      "📊 Learnt from the oldest 80% of \(counted(commits, "commit")), tried on the rest:"
        + " \(tasks) \(what), each \(unit) a task",
      "📊 \(counted(pairs, "pair")) that could have run at the same time; \(share.percentText)"
        + " of them changed the same file",
      "",
      row("", "average precision", "precision", "recall", "calibration error"),
    ]
      + results.map { result in
        row(
          result.method.words, result.quality.averagePrecision.thousandths,
          result.quality.precision.percentText, result.quality.recall.percentText,
          result.method.isProbability ? result.quality.calibrationError.thousandths : "–")
      } + [row("guessing", share.thousandths, share.percentText, "", "")]
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
    var json = JSONWriter(reservingCapacity: 1024)
    json.object { json in
      json.field("commits", commits)
      json.field("tasks_are", source.rawValue)
      json.field("tasks", tasks)
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
    json.newline()
    return json.bytes
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
