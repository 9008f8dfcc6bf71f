/// What learning a history came to, for people and for programs.
package struct ConflictTraining: Equatable, Sendable {
  package var commits: Int
  package var files: Int
  package var words: Int
  /// The size of the file in which it is kept.
  package var bytes: Int
  /// The time that git took, and the time of everything.
  package var reading: Duration
  package var whole: Duration

  package init(
    model: ConflictModel, log: CommitLog, bytes: Int, reading: Duration, whole: Duration
  ) {
    (commits, files) = (log.commits.count, log.paths.count)
    words = model.knowledge.words.count
    self.bytes = bytes
    self.reading = reading
    self.whole = whole
  }

  package var lines: [String] {
    [
      "✅ Learnt \(counted(commits, "commit")) of \(counted(files, "file")) in \(whole.readable),"
        + " \(reading.readable) of it git",
      "   kept in .lanes/conflicts.model, \(max(1, bytes / 1024)) KiB; plan and run use it from now on",
    ]
  }

  /// One JSON object with a line end; times in seconds.
  package var json: [UInt8] {
    var json = JSONWriter(reservingCapacity: 256)
    json.object { json in
      json.field("commits", commits)
      json.field("files", files)
      json.field("words", words)
      json.field("bytes", bytes)
      json.field("seconds", whole.seconds)
      json.field("reading_seconds", reading.seconds)
    }
    json.newline()
    return json.bytes
  }
}
