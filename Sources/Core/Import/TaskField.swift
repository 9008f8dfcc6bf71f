/// The members of a task or subtask that are read; all others are left alone.
enum TaskField: Int, CaseIterable {
  case id
  case title
  case name
  case description
  case details
  case status
  case priority
  case dependencies
  case dependsOn
  case dependsOnSnake
  case subtasks
  case metadata
  case testStrategy
  case testStrategySnake
  case acceptanceCriteria
  case acceptanceCriteriaSnake
  case estimate
  case estimatedHours
  case estimatedHoursSnake
  case dHours
  case effort
  case relevantFiles
  case files
  case file
  case touches
  case complexity
  case complexityScore
  case tags
  case worker
  case agentHint

  /// The key in the file.
  var key: String {
    switch self {
    case .id: "id"
    case .title: "title"
    case .name: "name"
    case .description: "description"
    case .details: "details"
    case .status: "status"
    case .priority: "priority"
    case .dependencies: "dependencies"
    case .dependsOn: "dependsOn"
    case .dependsOnSnake: "depends_on"
    case .subtasks: "subtasks"
    case .metadata: "metadata"
    case .testStrategy: "testStrategy"
    case .testStrategySnake: "test_strategy"
    case .acceptanceCriteria: "acceptanceCriteria"
    case .acceptanceCriteriaSnake: "acceptance_criteria"
    case .estimate: "estimate"
    case .estimatedHours: "estimatedHours"
    case .estimatedHoursSnake: "estimated_hours"
    case .dHours: "dHours"
    case .effort: "effort"
    case .relevantFiles: "relevantFiles"
    case .files: "files"
    case .file: "file"
    case .touches: "touches"
    case .complexity: "complexity"
    case .complexityScore: "complexityScore"
    case .tags: "tags"
    case .worker: "worker"
    case .agentHint: "agentHint"
    }
  }
}

/// The values of a task's fields, by tape position.
struct TaskFields {
  private let document: JSONDocument
  private let keys = TaskFieldKeys()
  private var positions: [Int32]
  /// The keys that were there more than once.
  private(set) var duplicateKeys: [JSONNode] = []

  init(document: JSONDocument) {
    self.document = document
    positions = Array(repeating: -1, count: TaskField.allCases.count)
  }

  /// Takes the fields of an object in place of those before; of a repeated key the last one counts.
  mutating func read(_ object: JSONNode) {
    for slot in positions.indices { positions[slot] = -1 }
    duplicateKeys.removeAll(keepingCapacity: true)
    var position = object.index + 1
    let end = Int(document.tape[object.index].next)
    while position < end {
      if let field = keys.field(document.tape[position], in: document) {
        if positions[field.rawValue] >= 0 {
          duplicateKeys.append(JSONNode(document: document, index: position))
        }
        positions[field.rawValue] = Int32(truncatingIfNeeded: position + 1)
      }
      position = Int(document.tape[position + 1].next)
    }
  }

  subscript(field: TaskField) -> JSONNode? {
    let position = positions[field.rawValue]
    return position < 0 ? nil : JSONNode(document: document, index: Int(position))
  }
}

/// The fields by their keys, those of the same length together.
private struct TaskFieldKeys {
  private let fields: [TaskField]
  private let keys: [[UInt8]]
  /// For each length, the first field whose key is at least that long.
  private let starts: [Int]

  init() {
    let fields = TaskField.allCases.sorted { $0.key.utf8.count < $1.key.utf8.count }
    let keys = fields.map { Array($0.key.utf8) }
    self.fields = fields
    self.keys = keys
    starts = (0...(keys.last?.count ?? 0) + 1).map { length in
      keys.firstIndex { $0.count >= length } ?? keys.count
    }
  }

  func field(_ entry: JSONDocument.Entry, in document: JSONDocument) -> TaskField? {
    if entry.hasEscapes { return nil }
    let start = Int(entry.start) + 1
    let length = Int(entry.end) - 1 - start
    guard length + 1 < starts.count else { return nil }
    for slot in starts[length]..<starts[length + 1]
    where document.bytes[start..<start + length].elementsEqual(keys[slot]) {
      return fields[slot]
    }
    return nil
  }
}
