import Core

/// JSON, and lists of TaskMaster.
func readTaskMaster(_ bytes: [UInt8]) {
  guard let document = try? JSONDocument(parsing: bytes, name: "input") else { return }
  walk(document.root)
  for granularity in Plan.Granularity.allCases {
    let plan = try? TaskMasterImporter.plan(from: document, granularity: granularity)
    guard let plan else { continue }
    check(plan)
    checkEdit(of: plan, bytes: bytes)
  }
}

/// Asks every value for all it can tell.
private func walk(_ root: JSONNode) {
  var nodes = [root]
  while let node = nodes.popLast() {
    precondition(node.place.line > 0 && node.place.column > 0 && !node.range.isEmpty)
    _ = (node.string, node.numberText, node.number, node.integer, node.bool, node["id"])
    nodes.append(contentsOf: node.elements)
    for (key, value) in node.members {
      precondition(key.string != nil)
      nodes.append(value)
    }
  }
}

/// Changes every status and reads the file again.
private func checkEdit(of plan: Plan, bytes: [UInt8]) {
  let changes = Dictionary(uniqueKeysWithValues: plan.tasks.map { ($0.id, TaskStatus.review) })
  do {
    let edited = try StatusEdit.apply(changes, to: bytes, name: "input", tag: plan.origin.tag)
    let again = try TaskMasterImporter.plan(
      from: JSONDocument(parsing: edited, name: "edited"), tag: plan.origin.tag,
      granularity: plan.origin.granularity)
    precondition(again.tasks.map(\.id) == plan.tasks.map(\.id))
    precondition(again.tasks.map(\.dependencies) == plan.tasks.map(\.dependencies))
    precondition(again.tasks.allSatisfy { $0.status == .review })
  } catch {
    preconditionFailure("a plan that was read could not be edited: \(error)")
  }
}
