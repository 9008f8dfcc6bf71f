/// Changes the marks in the checkboxes of a `tasks.md`.
package enum SpecStatusEdit {
  /// Returns the file with some marks changed and every other byte as it was.
  ///
  /// `changes` are by the tasks' numbers. Checkboxes that only head others follow those below them.
  /// Throws when a number is not there, or a status has no mark.
  package static func apply(
    _ changes: [TaskID: TaskStatus], to bytes: [UInt8], name: String
  ) throws(PlanError) -> [UInt8] {
    let document = try MarkdownDocument(parsing: bytes, name: name)
    let entries = SpecOutline(of: document).entries
    var statuses = entries.map { CheckboxMark.status($0.mark) ?? .pending }
    var changed: Set<Int> = []
    for (id, status) in changes {
      guard let index = entries.firstIndex(where: { $0.number == id.text }) else {
        throw StatusEdit.lostTask(id, file: name)
      }
      guard CheckboxMark.mark(for: status) != nil else {
        throw CheckboxMark.noMark(for: status, of: id, file: name)
      }
      statuses[index] = status
      changed.insert(index)
    }
    follow(entries, &statuses, &changed)
    let edits = changed.compactMap { index -> ByteEdit? in
      let mark = entries[index].mark
      guard CheckboxMark.status(mark) != statuses[index],
        let byte = CheckboxMark.mark(for: statuses[index])
      else { return nil }
      return ByteEdit(document.range(of: mark), [byte])
    }
    return ByteEdit.apply(edits, to: bytes)
  }

  /// Lets the headings above what changed say how it stands, the innermost first.
  private static func follow(
    _ entries: [SpecOutline.Entry], _ statuses: inout [TaskStatus], _ changed: inout Set<Int>
  ) {
    for heading in entries.indices.reversed() where entries[heading].isBare {
      let below = entries.indices[(heading + 1)...]
        .prefix { entries[heading].isAbove(entries[$0]) }
      guard below.contains(where: changed.contains) else { continue }
      let states = below.map { statuses[$0] }
      if states.allSatisfy({ $0 == .done }) {
        statuses[heading] = .done
      } else if states.allSatisfy({ $0 == .pending }) {
        statuses[heading] = .pending
      } else {
        statuses[heading] = .inProgress
      }
      changed.insert(heading)
    }
  }
}
