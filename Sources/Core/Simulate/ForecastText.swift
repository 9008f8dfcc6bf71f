/// A forecast in lines for people.
extension Forecast {
  package var lines: [String] {
    heading + Self.policies(conflicts).flatMap { [""] + table($0) } + [""] + advice
  }

  private var heading: [String] {
    let sources = TaskForecast.Source.allCases.compactMap { source -> String? in
      let count = tasks.lazy.filter { $0.source == source }.count
      return count > 0 ? "\(count) \(source.rawValue)" : nil
    }
    return [
      "📊 Simulated \(counted(tasks.count, "task")), \(counted(draws, "draw")) each, seed \(seed)",
      "📊 Times of tasks: \(sources.joined(separator: ", "))",
      "📊 All work: \(work.readable), longest chain: \(criticalTime.readable)",
    ] + conflictHeading
  }

  private var conflictHeading: [String] {
    guard let conflicts else { return [] }
    let expected = conflicts.pairs.count { $0.standing == .expected }
    return [
      "📊 Conflicts: \(counted(conflicts.pairs.count, "pair")) may conflict, \(expected) expected to;"
        + " each draw decides, and times are means"
    ]
  }

  /// One line for each number of slots: for each schedule the typical time and what 10 % and 90 % of the
  /// draws do not exceed.
  private func table(_ policy: GitOptions.PredictedPolicy?) -> [String] {
    let schedules = Forecast.schedules
    let head = "   -j " + schedules.map { padded("  \($0.rawValue)", 34) }.joined()
    let best = best
    return (policy.map { ["   --predicted \($0.rawValue)"] } ?? []) + [trimmed(head)]
      + Set(choices.map(\.jobs)).sorted().map { jobs in
        let cells = schedules.map { schedule -> String in
          guard let choice = choice(jobs, schedule, policy) else { return "" }
          let range = "\(choice.quantile(0.1).readable) to \(choice.quantile(0.9).readable)"
          return padded("  \(choice.typical.readable) (\(range))", 34)
        }
        let mark = best?.jobs == jobs && best?.policy == policy ? "▸" : " "
        return trimmed("\(mark)\(leading(String(jobs), 4)) " + cells.joined())
      }
  }

  private var advice: [String] {
    guard let best else { return [] }
    var lines = [
      "📊 Best: \(words(best)): \(time(best)), and 9 of 10 runs within"
        + " \(best.quantile(0.9).readable)"
    ]
    if let now, now != best {
      lines.append(
        "📊 As set now, \(words(now)): \(time(now));"
          + " the best saves \(Forecast.saving(best, over: now).percentText)")
    }
    let policies = Self.policies(conflicts).compactMap { choice(best.jobs, best.schedule, $0) }
    if policies.count > 1 {
      let times = policies.map { "\($0.policy?.rawValue ?? "") \($0.typical.readable)" }
      lines.append(
        "📊 Conflicts at -j \(best.jobs) --schedule \(best.schedule.rawValue):"
          + " \(times.joined(separator: ", "))")
    }
    if let levels = choice(best.jobs, .levels, best.policy),
      let dataflow = choice(best.jobs, .dataflow, best.policy)
    {
      lines.append(
        "📊 Without level barriers at -j \(best.jobs):"
          + " \(Forecast.saving(dataflow, over: levels).percentText) less time")
    }
    if let more = choice(best.jobs + 1, best.schedule, best.policy) {
      lines.append(
        "📊 One more slot: \(max(0, Forecast.saving(more, over: best)).percentText) less time")
    }
    return lines
  }

  private func words(_ choice: Choice) -> String {
    "-j \(choice.jobs) --schedule \(choice.schedule.rawValue)"
      + (choice.policy.map { " --predicted \($0.rawValue)" } ?? "")
  }

  private func time(_ choice: Choice) -> String {
    choice.typical.readable + (choice.policy == nil ? "" : " on average")
  }

  /// One JSON object with a line end; times in seconds.
  package var json: [UInt8] {
    var json = JSONWriter(reservingCapacity: 4096)
    json.object { json in
      json.field("tasks", tasks.count)
      json.field("draws", draws)
      json.field("seed", seed)
      json.field("work", work.seconds)
      json.field("critical_time", criticalTime.seconds)
      json.key("sources")
      json.object { json in
        for source in TaskForecast.Source.allCases {
          json.key(source.rawValue)
          json.integer(tasks.lazy.filter { $0.source == source }.count)
        }
      }
      if let conflicts {
        json.key("conflicts")
        json.object { json in
          json.field("pairs", conflicts.pairs.count)
          json.field("expected", conflicts.pairs.count { $0.standing == .expected })
        }
      }
      json.key("choices")
      json.array { json in for choice in choices { Self.encode(choice, into: &json) } }
      if let best {
        json.key("best")
        Self.encode(best, into: &json)
      }
      if let now {
        json.key("current")
        Self.encode(now, into: &json)
      }
    }
    json.newline()
    return json.bytes
  }

  private static func encode(_ choice: Choice, into json: inout JSONWriter) {
    json.object { json in
      json.field("jobs", choice.jobs)
      json.field("schedule", choice.schedule.rawValue)
      if let policy = choice.policy { json.field("predicted", policy.rawValue) }
      json.field("mean", choice.mean.seconds)
      json.field("p10", choice.quantile(0.1).seconds)
      json.field("p50", choice.median.seconds)
      json.field("p90", choice.quantile(0.9).seconds)
    }
  }
}

/// A text filled up with spaces on the left.
func leading(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

/// A text without the spaces at its end.
func trimmed(_ text: String) -> String {
  var text = text[...]
  while text.last == " " { text.removeLast() }
  return String(text)
}
