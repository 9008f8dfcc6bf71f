import Core

/// `lanes history`: how long tasks took in earlier runs, and how sure that is.
enum HistoryCommand {
  static func run(_ call: Call) throws -> ExitStatus {
    let journal = try Journal.open(folder: call.project.folder, mode: .reading)
    let history = try History(journal, limit: call.invocation.integer("last") ?? .max)
    if history.runs.isEmpty {
      throw Failure(.usage, "lanes: there is no run yet; start one with `lanes run`")
    }
    if call.invocation.flags["format"] == "json" {
      call.console.out(bytes: history.json)
    } else {
      call.console.out(history.lines(only: call.tasks))
    }
    return .done
  }
}

extension Project {
  /// What the newest runs tell, as far as it can be read in a moment; nothing when there are none.
  var recentHistory: History {
    guard Project.exists(folder.database),
      let journal = try? Journal.open(folder: folder, mode: .reading),
      let history = try? History(journal, limit: 20, mostEvents: 20_000)
    else { return History() }
    return history
  }
}
