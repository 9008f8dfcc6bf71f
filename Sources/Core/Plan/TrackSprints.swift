/// The tasks of tracks in sprints: groups of about the same work, one after the other.
package enum TrackSprints {
  /// What one sprint holds at most, unless said otherwise.
  package static let standardLength = Duration.seconds(40 * 3600)

  /// Cuts each track into as many sprints as the longest one needs for `length`.
  ///
  /// A sprint takes the next tasks as long as it stays within its share of its track's work, at least
  /// one. With one track the ids are `SPRINT-001`, else `SPRINT-001-02` for the first of track 2.
  package static func sprints(
    of analysis: TrackAnalysis, length: Duration = standardLength
  ) -> [Sprint] {
    let tracks = analysis.tracks
    let longest = tracks.loads.max() ?? 0
    let wanted = max(1, length.microseconds)
    let count = Int(min(999, max(1, (longest + wanted - 1) / wanted)))
    var sprints: [Sprint] = []
    for track in 0..<tracks.count {
      let parts = cut(tracks.tasks[track], analysis.estimates.weights, into: count)
      for (number, tasks) in parts.enumerated() {
        let id = id(number, track, of: tracks.count)
        let specs = tasks.map { analysis.plan.tasks[$0] }
        sprints.append(
          Sprint(
            id: id, name: "Sprint \(number + 1)", track: track + 1,
            goal: goal(specs.map(\.title)), tasks: specs.map(\.id),
            dependencies: number == 0 ? [] : [Self.id(number - 1, track, of: tracks.count)]))
      }
    }
    return sprints.sorted { $0.id < $1.id }
  }

  private static func id(_ number: Int, _ track: Int, of tracks: Int) -> String {
    let sprint = "SPRINT-" + padded(number + 1, 3)
    return tracks == 1 ? sprint : sprint + "-" + padded(track + 1, 2)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  private static func goal(_ titles: [String]) -> String {
    let shown = titles.prefix(3).joined(separator: ", ")
    return titles.count > 3 ? "\(shown) and \(titles.count - 3) more" : shown
  }

  private static func cut(_ tasks: [Int], _ weights: [Int64], into count: Int) -> [[Int]] {
    var parts: [[Int]] = []
    var rest = tasks[...]
    for number in 0..<count where !rest.isEmpty {
      let left = rest.reduce(0) { $0 + weights[$1] }
      let share = left / Int64(count - number)
      var part: [Int] = []
      var load: Int64 = 0
      while let task = rest.first {
        let isFull = !part.isEmpty && load + weights[task] > share
        if number + 1 < count, isFull { break }
        part.append(task)
        load += weights[task]
        rest = rest.dropFirst()
      }
      parts.append(part)
    }
    return parts
  }
}
