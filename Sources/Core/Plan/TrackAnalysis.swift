/// What dividing a plan over tracks would bring, for each number of tracks.
package struct TrackAnalysis: Sendable {
  package let plan: Plan
  /// The number of tracks that was asked for; nil for the recommended one.
  package let requested: Int?
  /// Tasks that could all be under way at once; no larger set can.
  package let width: TracksWidth
  package let balance: Tracks.Balance
  /// The tracks that are used.
  package let tracks: Tracks
  /// The time for each number of tracks from 1 on, by hours alone.
  package let options: [Option]
  package let recommended: Int
  package let criticalPath: CriticalPath
  package let estimates: Estimates
  /// The work of all tasks, in microseconds.
  package let work: Int64

  /// A number of tracks and what comes of it.
  package struct Option: Equatable, Sendable {
    package var tracks: Int
    package var makespan: Int64
    /// The work of the track with the most.
    package var heaviest: Int64
  }

  /// The most numbers of tracks that are tried for the table.
  package static let tableSize = 8

  /// Works out the tracks of what is left to do in a plan.
  ///
  /// More tracks than can be busy are cut to those that can. Cost: that of `TracksWidth`, and for
  /// each line of the table O((tasks + dependencies) × log tasks).
  package init(_ plan: Plan, requested: Int?, balance: Tracks.Balance = .worker) {
    let plan = plan.remaining()
    self.plan = plan
    self.requested = requested
    self.balance = balance
    width = TracksWidth(of: plan.graph)
    estimates = Estimates(of: plan.tasks)
    criticalPath = CriticalPath(
      graph: plan.graph, weights: estimates.weights, ranks: plan.ranks())
    work = Makespan.work(plan.graph, weights: estimates.weights)
    let most = max(1, width.count)
    options = (1...Self.tableSize).map { count in
      let tracks = Tracks(plan, count: count, balance: .hours, keepsAssigned: false)
      return Option(tracks: count, makespan: tracks.makespan, heaviest: tracks.loads.max() ?? 0)
    }
    recommended = Self.recommended(options, most: most, assigned: plan.tasks.compactMap(\.track))
    tracks = Tracks(plan, count: min(requested ?? recommended, most), balance: balance)
  }

  /// The tracks the plan's tasks are assigned to already; else the fewest whose time is within a
  /// twentieth of the best.
  private static func recommended(_ options: [Option], most: Int, assigned: [Int]) -> Int {
    if let declared = assigned.max(), 1...most ~= declared { return declared }
    let usable = options.prefix(most)
    let best = usable.map(\.makespan).min() ?? 0
    return usable.first { $0.makespan <= best / 20 * 21 }?.tracks ?? 1
  }

  /// The most tracks that can be busy at once.
  package var maxTracks: Int { max(1, width.count) }

  /// The share of the time of one track that is saved, in whole per cent, cut off.
  package var savedPercent: Int { saved(by: tracks.makespan) }

  package func saved(by makespan: Int64) -> Int {
    work <= 0 ? 0 : max(0, Int((Double(work - makespan) / Double(work) * 100).rounded(.down)))
  }

  /// What a track is called: by the plan, else by the kind of worker with most of its work.
  package func name(of track: Int) -> String {
    if let name = plan.trackNames[track + 1] { return name }
    var kinds: [String: Int64] = [:]
    for task in tracks.tasks[track] {
      if let kind = plan.tasks[task].worker { kinds[kind, default: 0] += estimates.weights[task] }
    }
    let most = kinds.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    return most ?? "Track \(track + 1)"
  }
}
