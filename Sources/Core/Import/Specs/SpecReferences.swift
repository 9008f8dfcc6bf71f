// Where tasks of specs are, and how others name them.
extension SpecEdit {
  func position(of id: TaskID) throws(PlanError) -> Position {
    _ = try check.index(of: id)
    for (file, outline) in outlines.enumerated() {
      let entry = outline.entries.firstIndex {
        SpecFolder.id($0.number, in: sources[file].file.spec) == id
      }
      if let entry { return Position(file: file, entry: entry) }
    }
    throw StatusEdit.lostTask(id, file: path)
  }

  /// The file and the number of a new task.
  func place(for wanted: TaskID?) throws(PlanError) -> (file: Int, number: String) {
    guard let wanted else {
      guard sources.count == 1 else {
        let name = sources[0].file.spec ?? ""
        throw PlanError(
          .unsuitable, file: path, problem: "there are several specs",
          remedy: "say with --id which is meant, such as \(name)/\(outlines[0].nextNumber)")
      }
      return (0, String(outlines[0].nextNumber))
    }
    try check.expectNone(wanted)
    for (file, source) in sources.enumerated() {
      let spec = source.file.spec.map { $0 + "/" } ?? ""
      guard wanted.text.hasPrefix(spec) else { continue }
      let number = wanted.text.dropFirst(spec.count)
      let parts = number.split(separator: ".", omittingEmptySubsequences: false)
      let isNumber = parts.allSatisfy { part in
        1...6 ~= part.utf8.count && part.utf8.allSatisfy { $0 &- 0x30 < 10 }
      }
      guard isNumber, !outlines[file].entries.contains(where: { $0.number == number }) else {
        break
      }
      return (file, String(number))
    }
    throw PlanError(
      .unsuitable, file: path, problem: "the id \(wanted) is taken, or no number in a spec",
      remedy: "write a number such as 3 or 3.1, after the name of its spec where there are several")
  }

  // MARK: Dependencies

  /// The tasks that name another, not those that only come after it.
  func dependents(of id: TaskID) -> [(id: TaskID, position: Position)] {
    var found: [(TaskID, Position)] = []
    for (file, outline) in outlines.enumerated() {
      for (index, entry) in outline.entries.enumerated() {
        let own = SpecFolder.id(entry.number, in: sources[file].file.spec)
        let names = entry.details.filter { $0.key == .dependencies }
          .flatMap { mentions(in: $0, file: file) }.flatMap(\.ids)
        if own != id, names.contains(id) { found.append((own, Position(file: file, entry: index))) }
      }
    }
    return found
  }

  func mentions(
    in detail: SpecOutline.Detail, file: Int
  ) -> [(mention: DependencyText.Mention, ids: [TaskID])] {
    DependencyText.mentions(in: detail.text).map { mention in
      let isElsewhere = mention.name.contains("/")
      let id =
        isElsewhere
        ? TaskID(String(mention.name))
        : SpecFolder.id(mention.name, in: sources[file].file.spec)
      return (mention, check.plan.index(of: id) == nil ? [] : [id])
    }
  }

  func text(
    naming ids: [TaskID],
    keeping mentions: [(mention: DependencyText.Mention, ids: [TaskID])] = [], file: Int
  ) -> String {
    let spec = sources[file].file.spec.map { $0 + "/" } ?? ""
    return DependencyText.text(naming: ids, keeping: mentions, none: "none") { id in
      id.text.hasPrefix(spec) ? String(id.text.dropFirst(spec.count)) : id.text
    }
  }

  func statement(_ text: String) -> String { "_Dependencies: \(text)_" }
}
