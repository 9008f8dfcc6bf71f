/// Finds task lists and reads them into plans.
package enum PlanSource {
  /// Where a task list of TaskMaster is looked for, below the folder the user works in.
  package static let places = [".taskmaster/tasks/tasks.json", "tasks/tasks.json"]
  /// Where the other kinds are looked for after that.
  package static let folders = ["docs/planning/tasks", ".spec-workflow/specs"]

  /// The task list to read, as a path the user would type.
  ///
  /// An explicit path is taken as it is; else the first of `places` and `folders` that holds tasks
  /// below `directory`.
  package static func locate(
    explicit: String? = nil, directory: String
  ) throws(PlanError) -> String {
    if let explicit { return explicit }
    for place in places where SourceFile.exists(path(place, in: directory)) { return place }
    if !PlanningFolder.files(in: folders[0], directory).isEmpty { return folders[0] }
    if !SpecFolder(folders[1], directory: directory).isEmpty(in: directory) { return folders[1] }
    let looked = (places + folders).joined(separator: ", nor ")
    throw PlanError(
      .notFound, file: places[0],
      problem: "TaskMaster tasks.json not found: \(looked), in \(directory)",
      remedy: "name the file, or go to the folder of the project")
  }

  /// Reads the plan in a file or a folder.
  ///
  /// A relative path is meant below `directory`. Without `format`, the name and the beginning of the
  /// file tell what it is. Without `tag`, TaskMaster's own state and configuration beside the file
  /// choose the tag. Throws what stands in the way; what does not is among the plan's findings. Cost:
  /// O(bytes).
  package static func read(
    file: String, directory: String, tag: String? = nil, granularity: Plan.Granularity = .task,
    format: Plan.Format? = nil
  ) throws(PlanError) -> Plan {
    switch format {
    case nil:
      let found = try PlanDetection.format(of: file, directory: directory)
      return try read(
        file: file, directory: directory, tag: tag, granularity: granularity, format: found)
    case .taskMaster:
      return try taskMaster(file, directory: directory, tag: tag, granularity: granularity)
    case .markdown:
      return try MarkdownImporter.plan(from: bytes(of: file, directory: directory), name: file)
    case .planning: return try PlanningImporter.plan(from: file, directory: directory)
    case .specs: return try SpecImporter.plan(from: file, directory: directory)
    }
  }

  private static func taskMaster(
    _ file: String, directory: String, tag: String?, granularity: Plan.Granularity
  ) throws(PlanError) -> Plan {
    let document = try document(file, directory: directory)
    let settings = tag == nil ? TaskMasterSettings(for: file, directory: directory) : nil
    var plan = try TaskMasterImporter.plan(
      from: document, tag: tag, preferredTags: settings?.tags ?? [], granularity: granularity)
    plan.findings = (settings?.findings ?? []) + plan.findings
    return plan
  }

  /// The bytes of a file that a path below `directory` means.
  static func bytes(of file: String, directory: String) throws(PlanError) -> [UInt8] {
    do throws(SourceFile.Failure) {
      return try SourceFile.read(path(file, in: directory))
    } catch {
      throw failure(error, file: file)
    }
  }

  static func document(_ file: String, directory: String) throws(PlanError) -> JSONDocument {
    let bytes = try bytes(of: file, directory: directory)
    do throws(JSONError) {
      return try JSONDocument(parsing: bytes, name: file)
    } catch {
      throw PlanError(error)
    }
  }

  static func path(_ path: String, in directory: String) -> String {
    path.hasPrefix("/") || directory.isEmpty ? path : directory + "/" + path
  }

  private static func failure(_ failure: SourceFile.Failure, file: String) -> PlanError {
    switch failure {
    case .missing:
      PlanError(
        .notFound, file: file, problem: "TaskMaster tasks.json not found: \(file)",
        remedy: "check the path")
    case .notRegular, .tooLarge, .system:
      PlanError(
        .unreadable, file: file, problem: "it cannot be read: \(failure)",
        remedy: "check that it is a task file and its permissions")
    }
  }
}
