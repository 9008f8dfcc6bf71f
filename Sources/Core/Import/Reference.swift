/// A dependency as the source writes it.
struct Reference {
  var id: TaskID
  var node: JSONNode
}

/// Reads the forms in which dependencies are written.
struct ReferenceReader {
  private(set) var findings: [Finding] = []

  /// The references in a list of ids or of objects with `id`, in text with commas, or in one id.
  mutating func references(in value: JSONNode) -> [Reference] {
    switch value.kind {
    case .array:
      var references: [Reference] = []
      for element in value.elements {
        if let reference = single(element) { references.append(reference) }
      }
      return references
    case .string:
      return (value.string ?? "").split(separator: ",").compactMap { part in
        let text = TaskWords.trimmed(String(part))
        return text.isEmpty ? nil : Reference(id: TaskID(text), node: value)
      }
    case .null: return []
    case .number, .object, .bool: return single(value).map { [$0] } ?? []
    }
  }

  private mutating func single(_ value: JSONNode) -> Reference? {
    let inner = value.kind == .object ? value["id"] : value
    if let id = inner.flatMap(TaskReader.id) { return Reference(id: id, node: value) }
    findings.append(
      Finding(
        .warning, .malformed, place: value.place, problem: "a dependency is no id and is left out",
        remedy: "write the id of a task, or remove it"))
    return nil
  }
}
