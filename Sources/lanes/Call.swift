import Core
import Glibc

/// A command line together with the project it is about.
struct Call: Sendable {
  let invocation: Invocation
  let project: Project
  let console: Console

  init(_ invocation: Invocation, console: Console) throws {
    self.invocation = invocation
    self.console = console
    project = try Project(directory: invocation.directory, environment: Self.environment)
  }

  /// The task ids among the operands, which may also be separated by commas.
  var tasks: [TaskID] {
    invocation.operands.flatMap { $0.split(separator: ",") }.map { TaskID(String($0)) }
  }

  /// All settings, from the defaults to the flags.
  func settings() throws -> Settings {
    for warning in Settings.warnings(environment: project.environment) {
      console.note("lanes: \(warning)")
    }
    let user = Settings.userFilePath(environment: project.environment).flatMap(Self.file)
    return try Settings.resolve(
      user: user, project: Self.file(project.directory + "/lanes.yml", shown: "lanes.yml"),
      environment: project.environment, flags: invocation.settings)
  }

  private static func file(_ path: String) -> SettingsFile? { file(path, shown: path) }

  private static func file(_ path: String, shown: String) -> SettingsFile? {
    FileBytes.read(path).map { SettingsFile(path: shown, bytes: $0) }
  }

  /// The whole plan of the file that the command line names, or of the project's own.
  func plan(_ settings: Settings) throws -> Plan {
    try plan(settings, file: invocation.operands.first)
  }

  /// The whole plan of a file, or of the project's own.
  func plan(_ settings: Settings, file explicit: String?) throws -> Plan {
    let file = try PlanSource.locate(explicit: explicit, directory: project.directory)
    let base = explicit == nil ? project.directory : project.current
    var plan = try PlanSource.read(
      file: file, directory: base, tag: settings.tag, granularity: settings.granularity,
      format: settings.source.format)
    if base != project.directory, !file.hasPrefix("/") {
      plan.origin.file = base + "/" + file
    }
    return plan
  }

  /// The variables of this process; of two with one name the first counts.
  private static var environment: [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let (name, value) = String(cString: text).splitOnce(at: "=")
      if variables[name] == nil { variables[name] = value }
      entry += 1
    }
    return variables
  }
}

extension Call {
  /// The run that a runner is at work on here.
  ///
  /// Where none is: an error with `remedy`, or that there is no journal, and so no run to remedy it with.
  func activeRun(remedy: String) throws -> String {
    let folder = project.folder
    if let run = RunLock.holder(in: folder)?.run { return run }
    _ = try Journal.open(folder: folder, mode: .reading)
    throw Failure(.taskFailed, "lanes: no run is active here; \(remedy)")
  }
}
