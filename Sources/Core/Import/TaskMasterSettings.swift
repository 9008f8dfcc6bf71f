/// What TaskMaster's own files say about the tag that is worked on.
struct TaskMasterSettings {
  /// The tags to try, the first one first: the current one, then the default one.
  private(set) var tags: [String] = []
  private(set) var findings: [Finding] = []

  /// Reads `state.json` and `config.json` of the `.taskmaster` folder the task file is in, else of
  /// the one in `directory`.
  ///
  /// Missing files say nothing; one that cannot be read is a finding.
  init(for file: String, directory: String) {
    let folder = Self.folder(of: file)
    read("\(folder)/state.json", directory: directory, keys: ["currentTag"])
    read("\(folder)/config.json", directory: directory, keys: ["global", "defaultTag"])
  }

  private mutating func read(_ file: String, directory: String, keys: [String]) {
    do throws(PlanError) {
      let document = try PlanSource.document(file, directory: directory)
      let node = keys.reduce(Optional(document.root)) { node, key in node?[key] }
      if let tag = node?.string { tags.append(tag) }
    } catch {
      if error.kind != .notFound { findings.append(Self.finding(error)) }
    }
  }

  private static func folder(of file: String) -> String {
    let parts = file.split(separator: "/", omittingEmptySubsequences: false)
    guard let last = parts.dropLast().lastIndex(of: ".taskmaster") else { return ".taskmaster" }
    return parts[...last].joined(separator: "/")
  }

  private static func finding(_ error: PlanError) -> Finding {
    Finding(
      .warning, .malformed, problem: "\(error.file) is not used: \(error.problem)",
      remedy: error.remedy)
  }
}
