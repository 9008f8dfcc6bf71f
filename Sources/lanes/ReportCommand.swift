import Core

/// `lanes report`: what runs did, in the form that is asked for.
enum ReportCommand {
  static func run(_ call: Call) throws -> ExitStatus {
    let reports = try runs(call).map { name in
      try report(of: name, call)
    }
    switch call.invocation.flags["format"] ?? "text" {
    case "json": call.console.out(bytes: RunReports.json(reports))
    case "html": call.console.write(RunReports.html(reports))
    case "trace": call.console.out(bytes: RunReports.trace(reports))
    case "junit": call.console.write(RunReports.junit(reports, logEnd: logEnd(call.project)))
    case "openmetrics": call.console.write(RunReports.openMetrics(reports))
    case "csv": call.console.write(RunReports.csv(reports))
    default: call.console.out(RunReports.text(reports))
    }
    return .done
  }

  /// The runs that are named, or the newest ones, the oldest of them first.
  private static func runs(_ call: Call) throws -> [String?] {
    if !call.invocation.operands.isEmpty { return call.invocation.operands }
    guard let count = call.invocation.integer("last") else { return [nil] }
    let journal = try Journal.open(folder: call.project.folder, mode: .reading)
    let runs = try journal.runs(limit: count).map(\.id)
    return runs.isEmpty ? [nil] : runs.reversed()
  }

  private static func report(of name: String?, _ call: Call) throws -> RunReport {
    let journal = try Journal.open(folder: call.project.folder, mode: .reading)
    let id = try RunNames.resolve(name, in: journal)
    guard let record = RunRecord(try RunEvents(journal, run: id)) else {
      throw Failure(
        .usage,
        "lanes: the journal lacks the beginning of run \(cleaned(id));"
          + " `lanes resume` puts it together again")
    }
    let holder = RunLock.holder(in: call.project.folder)
    return RunReport(
      record, at: WallClock().now(), runner: holder.flatMap { $0.run == id ? $0.front : nil })
  }

  private static func logEnd(_ project: Project) -> (RunReport, AttemptKey) -> [String] {
    { report, key in
      let folder = RunFolder(path: project.folder.run(report.state.manifest.id))
      let files = AttemptFiles.of(runFolder: folder.path, task: key.task, attempt: key.attempt)
      return LogText.lastLines(20, of: FileBytes.tail(files.log, count: 16_384) ?? [])
    }
  }
}

/// Which run is meant.
enum RunNames {
  /// The run of a name or of the only name that begins so; the newest when there is none.
  static func resolve(_ name: String?, in journal: borrowing Journal) throws -> String {
    let runs = try journal.runs().map(\.id)
    guard let newest = runs.first else {
      throw Failure(.usage, "lanes: there is no run yet; start one with `lanes run`")
    }
    guard let name else { return newest }
    if runs.contains(name) { return name }
    let begun = runs.filter { $0.hasPrefix(name) && !name.isEmpty }
    if begun.count == 1 { return begun[0] }
    let meant = begun.first ?? nearest(name, among: runs)
    throw Failure(
      .usage,
      "lanes: there is no run \(quoted(name)); "
        + (meant.map { "did you mean \(cleaned($0))?" } ?? "`lanes history` lists them"))
  }
}
