extension TrackReport {
  /// The report as one JSON object with a line feed; ids are text, tracks count from 1, times are in
  /// seconds.
  package func json() -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("file", analysis.plan.origin.file)
      writer.field("tasks", analysis.plan.tasks.count)
      if let requested = analysis.requested { writer.field("requested", requested) }
      writer.field("max_tracks", analysis.maxTracks)
      writer.field("recommended", analysis.recommended)
      writer.field("using", analysis.tracks.count)
      writer.key("at_once")
      write(analysis.width.tasks, to: &writer)
      writer.key("chains")
      writer.array { writer in
        for chain in analysis.tracks.chains { write(chain, to: &writer) }
      }
      writer.key("critical_path")
      write(analysis.criticalPath.path, to: &writer)
      writer.field("critical_path_seconds", seconds(analysis.criticalPath.length))
      writer.field("work_seconds", seconds(analysis.work))
      writer.field("makespan_seconds", seconds(analysis.tracks.makespan))
      writer.field("saved_percent", analysis.savedPercent)
      writeTracks(to: &writer)
      writeOptions(to: &writer)
    }
    writer.newline()
    return writer.bytes
  }

  private func writeTracks(to writer: inout JSONWriter) {
    writer.key("tracks")
    writer.array { writer in
      for track in 0..<analysis.tracks.count {
        writer.object { writer in
          writer.field("track", track + 1)
          writer.field("name", analysis.name(of: track))
          writer.field("work_seconds", seconds(analysis.tracks.loads[track]))
          writer.key("tasks")
          write(analysis.tracks.tasks[track], to: &writer)
          writer.key("sprints")
          writer.array { writer in
            for sprint in sprints where sprint.track == track + 1 { write(sprint, to: &writer) }
          }
        }
      }
    }
  }

  private func write(_ sprint: Sprint, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("id", sprint.id)
      writer.field("name", sprint.name)
      writer.key("tasks")
      writer.array { writer in for id in sprint.tasks { writer.string(id.text) } }
    }
  }

  private func writeOptions(to writer: inout JSONWriter) {
    writer.key("what_if")
    writer.array { writer in
      for option in analysis.options {
        writer.object { writer in
          writer.field("tracks", option.tracks)
          writer.field("makespan_seconds", seconds(option.makespan))
          writer.field("heaviest_seconds", seconds(option.heaviest))
          writer.field("saved_percent", analysis.saved(by: option.makespan))
          writer.field("idle_percent", Self.idlePercent(option, work: analysis.work))
        }
      }
    }
  }

  private func write(_ tasks: [Int], to writer: inout JSONWriter) {
    writer.array { writer in
      for task in tasks { writer.string(analysis.plan.tasks[task].id.text) }
    }
  }

  private func seconds(_ microseconds: Int64) -> Double { Double(microseconds) / 1_000_000 }
}
