/// The text of a pull request: what was done by which task, in which files, and what met.
enum PullRequestBody {
  /// Markdown for the tasks whose work is merged in a repository, of one level or of all.
  static func text(_ state: RunState, repository: Int, level: Int?) -> String {
    guard let git = state.git else { return "" }
    let tasks = state.tasks.indices.filter { index in
      git.works[index].merged != nil && git.works[index].repository == repository
        && (level == nil || state.manifest.plan.graph.level[index] == level)
    }.sorted { state.id(of: $0) < state.id(of: $1) }
    var lines = [
      "Run `\(plain(state.manifest.id.text))`", "", "| task | time | files |",
      "| --- | --- | --- |",
    ]
    for index in tasks {
      let work = git.works[index]
      let files = work.files.prefix(10).map { "`\(plain($0))`" }.joined(separator: ", ")
      let more = work.fileCount > 10 ? " and \(work.fileCount - 10) more" : ""
      let title = "\(state.id(of: index).text) \(state.manifest.plan.tasks[index].title)"
      lines.append("| \(plain(title)) | \(state.tasks[index].worked.readable) | \(files)\(more) |")
    }
    lines += overlaps(state, git, among: Set(tasks))
    return (lines + reruns(state, git, tasks)).joined(separator: "\n") + "\n"
  }

  private static func overlaps(_ state: RunState, _ git: GitState, among tasks: Set<Int>)
    -> [String]
  {
    let pairs = git.contacts.filter {
      tasks.contains($0.key.first) && tasks.contains($0.key.second)
    }
    .sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }
    if pairs.isEmpty { return [] }
    return ["", "Files that several tasks changed:", ""]
      + pairs.map { pair, contact in
        let files = contact.files.prefix(10).map { "`\(plain($0))`" }.joined(separator: ", ")
        return
          "- \(plain(state.id(of: pair.first).text)) and \(plain(state.id(of: pair.second).text)):"
          + " \(files)" + (contact.conflicts.isEmpty ? "" : " (would have conflicted)")
      }
  }

  private static func reruns(_ state: RunState, _ git: GitState, _ tasks: [Int]) -> [String] {
    let rerun = tasks.filter { git.works[$0].reruns > 0 }
    if rerun.isEmpty { return [] }
    let names = rerun.map { plain(state.id(of: $0).text) }.joined(separator: ", ")
    return ["", "Done again on top of the others' work: \(names)"]
  }

  /// Text of the task list as Markdown that means nothing.
  private static func plain(_ text: String) -> String {
    var result = ""
    for character in cleaned(text) {
      if "`|*_<>[]\\#@".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
