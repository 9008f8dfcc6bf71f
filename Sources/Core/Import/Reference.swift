/// A dependency as the source writes it.
struct Reference {
  /// Where it stands on the document's tape.
  var position: Int
  var target: Target

  /// An id, or a small number that need not become text to be looked up.
  enum Target {
    case number(Int)
    case id(TaskID)
  }

  var id: TaskID {
    switch target {
    case .number(let number): TaskID(String(number))
    case .id(let id): id
    }
  }
}

extension TaskIndex {
  /// The index of the task a reference means, or nil when there is none.
  subscript(reference: Reference) -> Int? {
    switch reference.target {
    case .number(let number): self[number: number]
    case .id(let id): self[id]
    }
  }
}

/// Reads the forms in which dependencies are written.
struct ReferenceReader {
  private let document: JSONDocument
  private(set) var findings = FindingList()
  private var references: [Reference] = []

  init(document: JSONDocument) {
    self.document = document
  }

  /// The references in a list of ids or of objects with `id`, in text with commas, or in one id.
  mutating func references(in value: JSONNode) -> [Reference] {
    references.removeAll(keepingCapacity: true)
    switch value.kind {
    case .array:
      for element in value.elements { add(element) }
    case .string:
      for part in (value.string ?? "").split(separator: ",") {
        let text = TaskWords.trimmed(String(part))
        if !text.isEmpty {
          references.append(Reference(position: value.index, target: .id(TaskID(text))))
        }
      }
    case .null: break
    case .number, .object, .bool: add(value)
    }
    return references
  }

  private mutating func add(_ value: JSONNode) {
    if let number = value.smallNumber {
      references.append(Reference(position: value.index, target: .number(number)))
      return
    }
    let inner = value.kind == .object ? value["id"] : value
    if let id = inner.flatMap(TaskReader.id) {
      references.append(Reference(position: value.index, target: .id(id)))
    } else {
      findings.append(
        Finding(
          .warning, .malformed, place: value.place,
          problem: "a dependency is no id and is left out",
          remedy: "write the id of a task, or remove it"))
    }
  }
}
