/// What tracks do of themselves: end, and wait for each other.
extension RunState {
  /// The next thing to say about a track, or the end of a run whose tracks are done; costs O(tracks), and
  /// O(its tasks) when a track has come to wait.
  func trackStep() -> Decision? {
    guard let tracks = crew?.tracks, phase == .running,
      manifest.options.schedule == .tracks
    else { return nil }
    for track in tracks.opened.sorted() where track > 0 && tracks.total[track] > 0 {
      if tracks.open[track] == 0 {
        if tracks.announced.contains(track) { continue }
        return Decision(events: [.crew(.trackFinished(track))])
      }
      if tracks.waiting[track] == nil, let tasks = awaited(by: track, tracks) {
        return Decision(events: [.crew(.trackWaiting(track, tasks: tasks))])
      }
    }
    return isOverForTracks(tracks) ? Decision(events: [.runDraining(.track)]) : nil
  }

  /// Whether all tracks that were opened are done, and others are not.
  private func isOverForTracks(_ tracks: CrewState.TrackState) -> Bool {
    guard running.isEmpty, unfinished > 0, !tracks.closed.isEmpty else { return false }
    return tracks.opened.allSatisfy { tracks.open[$0] == 0 }
  }

  /// Whether the run has to wait for a track that somebody else may open.
  var isWaitingForTracks: Bool {
    guard let tracks = crew?.tracks else { return false }
    return tracks.closed.contains { tracks.open[$0] > 0 }
  }

  /// The tasks of other tracks without which a track cannot go on; nil when it has something to do.
  private func awaited(by track: Int, _ tracks: CrewState.TrackState) -> [TaskID]? {
    var wanted: Set<Int> = []
    for index in tasks.indices where tracks.track[index] == track {
      switch tasks[index].phase {
      case .running, .ready, .backingOff, .committed: return nil
      case .finished: continue
      case .waiting: break
      }
      for dependency in manifest.plan.graph.dependencies(of: index)
      where tasks[dependency].result?.satisfiesDependents != true
        && tracks.track[dependency] != track
      {
        wanted.insert(dependency)
      }
    }
    return wanted.isEmpty ? nil : wanted.sorted().map(id(of:))
  }

  /// Lets the tasks of a track start.
  func openTrack(_ track: Int) -> Decision {
    guard let tracks = crew?.tracks, track > 0, track < tracks.open.count else {
      return Decision(reply: .refused("the run has no track \(track)"))
    }
    if tracks.opened.contains(track) {
      return Decision(reply: .done("track \(track) is open already"))
    }
    return Decision(
      events: [.crew(.trackOpened(track))], reply: .done("track \(track) is open"))
  }
}
