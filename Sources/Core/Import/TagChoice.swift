/// Which of a file's task lists is meant.
struct TagChoice {
  /// The tag the user named.
  var explicit: String?
  /// Tags to try when the user named none, the first one first.
  var preferred: [String] = []

  /// What TaskMaster calls the list of a file that has no tags.
  static let defaultTag = "master"

  /// Chooses a list, or says why none can be chosen.
  ///
  /// Without a word from the user: a preferred tag that is there, else the list without a tag, else
  /// `master`, else the only one.
  func list(of lists: [TaskList], in file: String) throws(PlanError) -> TaskList {
    if let explicit { return try list(explicit, of: lists, in: file) }
    for tag in preferred {
      if let list = lists.first(where: { $0.tag == tag }) { return list }
    }
    if let list = lists.first(where: { $0.tag == nil }) { return list }
    if let list = lists.first(where: { $0.tag == Self.defaultTag }) { return list }
    if lists.count == 1 { return lists[0] }
    throw PlanError(
      .tag, file: file, problem: "it has several tags and none is chosen: \(names(lists))",
      remedy: "choose one with --tag")
  }

  private func list(
    _ tag: String, of lists: [TaskList], in file: String
  ) throws(PlanError) -> TaskList {
    if let list = lists.first(where: { $0.tag == tag }) { return list }
    let tags = lists.compactMap(\.tag)
    if tags.isEmpty, tag == Self.defaultTag, let list = lists.first { return list }
    if tags.isEmpty {
      throw PlanError(
        .tag, file: file, problem: "it has no tags, so no '\(tag)'", remedy: "leave out --tag")
    }
    let remedy = nearest(tag, among: tags.prefix(1000)).map { "did you mean '\($0)'?" }
    throw PlanError(
      .tag, file: file, problem: "it has no tag '\(tag)', only \(names(lists))",
      remedy: remedy ?? "choose one of them with --tag")
  }

  /// The tags by name, the first of very many.
  private func names(_ lists: [TaskList]) -> String {
    let tags = lists.compactMap(\.tag)
    let shown = tags.prefix(20).joined(separator: ", ")
    return tags.count > 20 ? "\(shown) and \(tags.count - 20) more" : shown
  }
}
