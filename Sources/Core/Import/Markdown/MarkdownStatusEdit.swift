/// Changes statuses in the bytes of a document in Markdown.
package enum MarkdownStatusEdit {
  /// Returns the document with the statuses of some tasks changed and every other byte as it was.
  ///
  /// A checkbox gets another mark, a field `Status:` another value, with free text in it kept in
  /// parentheses; a task that has neither gets the field. A status that already means what is wanted
  /// stays as it is worded. Throws when a task is not there, or has a checkbox and the status no mark.
  package static func apply(
    _ changes: [TaskID: TaskStatus], to bytes: [UInt8], name: String
  ) throws(PlanError) -> [UInt8] {
    let document = try MarkdownDocument(parsing: bytes, name: name)
    let outline = MarkdownOutline(of: document)
    let names = MarkdownNames(of: outline.tasks)
    var edits: [ByteEdit] = []
    for (id, status) in changes {
      guard let index = names.ids.firstIndex(of: id) else {
        throw StatusEdit.lostTask(id, file: name)
      }
      if let edit = try edit(of: outline.tasks[index], id, to: status, in: document) {
        edits.append(edit)
      }
    }
    let edited = ByteEdit.apply(edits, to: bytes)
    try check(edited, against: bytes, changes, name)
    return edited
  }

  private static func edit(
    of block: MarkdownOutline.Block, _ id: TaskID, to status: TaskStatus,
    in document: MarkdownDocument
  ) throws(PlanError) -> ByteEdit? {
    if let mark = block.head.checkbox {
      if CheckboxMark.status(mark) == status { return nil }
      guard let byte = CheckboxMark.mark(for: status) else {
        throw CheckboxMark.noMark(for: status, of: id, file: document.name)
      }
      return ByteEdit(document.range(of: mark), [byte])
    }
    guard let field = block.fields[.status] else {
      return insertion(of: "Status", status.rawValue, block, document)
    }
    return replacement(in: field.text, with: status, document)
  }

  private static func replacement(
    in value: Substring, with status: TaskStatus, _ document: MarkdownDocument
  ) -> ByteEdit? {
    let range = document.range(of: value)
    if value.isEmpty { return ByteEdit(at: range.lowerBound, " " + status.rawValue) }
    let word = MarkdownText.statusWord(in: value)
    guard let known = TaskWords.status(String(word)) else {
      return ByteEdit(range, "\(status.rawValue) (\(value))".utf8)
    }
    if known == status { return nil }
    // Signs before the word say what it says, and go with it.
    let end = value.firstIndex { $0 == "(" || $0 == "," || $0 == ";" } ?? value.endIndex
    return ByteEdit(document.range(of: value[..<end].unmarked), status.rawValue.utf8)
  }

  /// A new field, in the form of the task's first item and before it, or else below its head.
  static func insertion(
    of key: String, _ value: String, _ block: MarkdownOutline.Block, _ document: MarkdownDocument
  ) -> ByteEdit {
    let first = block.lines.lowerBound
    for index in block.lines.dropFirst() {
      guard case .item(let text) = document.lines[index].kind,
        let before = document.marker(of: index)
      else { continue }
      let key = text.hasPrefix("**") ? "**\(key)**" : key
      return document.insertion(of: ["\(before)\(key): \(value)"], before: index)
    }
    var indent = String(repeating: " ", count: document.lines[first].indent)
    if case .item = document.lines[first].kind { indent += "  " }
    return document.insertion(of: ["\(indent)- \(key): \(value)"], after: first)
  }

  /// Makes sure that the edits changed these statuses and nothing else that is read.
  private static func check(
    _ edited: [UInt8], against bytes: [UInt8], _ changes: [TaskID: TaskStatus], _ name: String
  ) throws(PlanError) {
    let before = try MarkdownImporter.plan(from: bytes, name: name)
    let after = try MarkdownImporter.plan(from: edited, name: name)
    let isAsWanted =
      before.tasks.count == after.tasks.count
      && zip(before.tasks, after.tasks).allSatisfy { old, new in
        new.id == old.id && new.status == changes[old.id] ?? old.status
          && new.dependencies == old.dependencies && new.files == old.files
      }
    guard isAsWanted else {
      throw PlanError(
        .unsuitable, file: name, problem: "the statuses cannot be changed in place",
        remedy: "give each task a line '- Status: pending'")
    }
  }
}

extension CheckboxMark {
  static func noMark(for status: TaskStatus, of id: TaskID, file: String) -> PlanError {
    PlanError(
      .unsuitable, file: file,
      problem: "task \(id) has a checkbox, which cannot say \(status.rawValue)",
      remedy: "use pending, in-progress, done or blocked")
  }
}
