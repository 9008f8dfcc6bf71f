/// Tells what kind of task list is at a path.
enum PlanDetection {
  /// The kind, by the ending of the name, or else by the first bytes; JSON when nothing says more.
  static func format(of file: String, directory: String) throws(PlanError) -> Plan.Format {
    let path = PlanSource.path(file, in: directory)
    if SourceFile.isFolder(path) { return try format(ofFolder: file, directory: directory) }
    let name = file.split(separator: "/").last ?? ""
    switch name.split(separator: ".").dropFirst().last?.lowercased() {
    case "json": return .taskMaster
    case "yaml", "yml": return .planning
    default: break
    }
    // What cannot be read is an error where the plan is read.
    guard let bytes = try? SourceFile.read(path) else { return .taskMaster }
    return format(of: bytes, isMarkdown: name.hasSuffix(".md") || name.hasSuffix(".markdown"))
  }

  private static func format(
    ofFolder folder: String, directory: String
  ) throws(PlanError) -> Plan.Format {
    let specs = SpecFolder(folder, directory: directory)
    if !specs.isEmpty(in: directory) { return .specs }
    let planning = PlanningFolder(folder, directory: directory)
    if planning.tasks.contains(where: { SourceFile.exists(PlanSource.path($0, in: directory)) }) {
      return .planning
    }
    throw PlanError(
      .unreadable, file: folder, problem: "the folder holds no task list",
      remedy: "name a file, a folder of tasks in YAML, or a folder of specs with tasks.md")
  }

  /// The kind of a file without a name that tells it.
  static func format(of bytes: [UInt8], isMarkdown: Bool) -> Plan.Format {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    let start = text.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    if isMarkdown {
      // Both kinds may have checkboxes; a task that has a heading of its own decides.
      guard let document = try? MarkdownDocument(parsing: bytes, name: ""),
        MarkdownOutline(of: document).tasks.isEmpty
      else { return .markdown }
      return SpecOutline(of: document).entries.isEmpty ? .markdown : .specs
    }
    return start.first == UInt8(ascii: "#") ? .markdown : .taskMaster
  }
}
