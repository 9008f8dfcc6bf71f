/// Puts tasks and the names they depend on together to a plan.
struct SpecAssembler {
  private(set) var specs: [TaskSpec] = []
  var findings = FindingList()
  private var references: [[Reference]] = []
  private var indexes: [TaskID: Int] = [:]

  /// A dependency as the source writes it.
  struct Reference {
    var name: String
    var isSoft = false
    var place: SourcePlace
  }

  /// Adds a task, unless there is one of its id.
  mutating func add(_ spec: TaskSpec, dependingOn names: [Reference]) {
    if let first = indexes[spec.id] {
      let place = specs[first].place
      let words = [place?.file, place.map { "line \($0.line)" }].compactMap { $0 }
      findings.append(
        Finding(
          .warning, .duplicateID, tasks: [spec.id], place: spec.place,
          problem:
            "the id \(spec.id) is there more than once, first in \(words.joined(separator: ", ")); the first counts",
          remedy: "give one of them another id"))
      return
    }
    indexes[spec.id] = specs.count
    specs.append(spec)
    references.append(names)
  }

  func contains(_ id: TaskID) -> Bool { indexes[id] != nil }

  /// Changes a task that was added.
  mutating func update(_ id: TaskID, _ change: (inout TaskSpec) -> Void) {
    if let index = indexes[id] { change(&specs[index]) }
  }

  /// The plan of all tasks, each waiting for those of its names that are tasks.
  mutating func plan(_ origin: Plan.Origin) -> Plan {
    for index in specs.indices {
      for reference in references[index] { resolve(reference, of: index) }
    }
    var plan = Plan(origin: origin, tasks: specs, findings: findings.sorted())
    plan.findings += plan.cycleFindings()
    return plan
  }

  private mutating func resolve(_ reference: Reference, of index: Int) {
    let target = TaskID(reference.name)
    let id = specs[index].id
    if target == id {
      findings.append(
        Finding(
          .warning, .selfDependency, tasks: [id], place: reference.place,
          problem: "task \(id) depends on itself; that is left out", remedy: "remove it"))
    } else if indexes[target] != nil {
      specs[index].add(target, isSoft: reference.isSoft)
    } else if findings.hasRoom() {
      let meant = nearest(reference.name, among: specs.map(\.id.text))
      findings.append(
        Finding(
          .warning, .dangling, tasks: [id, target], place: reference.place,
          problem: "task \(id) depends on \(target), which is not there; it does not wait for it",
          remedy: meant.map { "did you mean '\($0)'?" } ?? "correct the id, or remove it"))
    }
  }
}
