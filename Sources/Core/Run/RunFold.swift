/// How a state is made: of a manifest's order, and of events.
extension RunState {
  /// The order in which ready tasks start: by level where levels are barriers, then by the longest
  /// path they still head, so that the makespan stays near the optimum.
  static func order(of manifest: RunManifest) -> [IndexedHeap.Key] {
    let graph = manifest.plan.graph
    let weights = Estimates(of: manifest.plan.tasks).weights
    let heads = CriticalPath(graph: manifest.plan.softGraph ?? graph, weights: weights).heads
    let hasBarriers = manifest.options.schedule == .levels
    return (0..<graph.count).map {
      IndexedHeap.Key(major: hasBarriers ? max(0, graph.level[$0]) : 0, minor: -heads[$0])
    }
  }

  /// The state after all of `events`, the first of which is `runStarted`; nil when it is not.
  package static func fold(_ events: some Sequence<RunEvent>) -> RunState? {
    var iterator = events.makeIterator()
    guard let first = iterator.next(), case .runStarted(let manifest) = first.kind else {
      return nil
    }
    var state = RunState(manifest: manifest, at: first.at)
    while let event = iterator.next() { state.apply(event) }
    return state
  }
}
