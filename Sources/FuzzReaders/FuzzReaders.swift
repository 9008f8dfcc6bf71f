import Core

// Feeds bytes of any kind to everything that reads a task file, and traps when a promise is broken.

/// The name under which the package manager links the entry point of this program.
@_cdecl("FuzzReaders_main")
package func main(_ count: Int32, _ arguments: UnsafeMutablePointer<Arguments?>?) -> Int32 {
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments, testOneInput)
}

package typealias Arguments = UnsafeMutablePointer<CChar>

/// The loop of libFuzzer, which is C.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<Arguments?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let document = try? JSONDocument(parsing: bytes, name: "input") else { return 0 }
  walk(document.root)
  for granularity in Plan.Granularity.allCases {
    let plan = try? TaskMasterImporter.plan(from: document, granularity: granularity)
    if let plan { check(plan, bytes: bytes) }
  }
  return 0
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

private func check(_ plan: Plan, bytes: [UInt8]) {
  for plan in [plan, plan.remaining()] {
    let report = PlanReport(plan, jobs: 3)
    _ = (report.text(), report.dot(), report.mermaid())
    precondition((try? JSONDocument(parsing: report.json(), name: "report")) != nil)
    let placed = plan.graph.levels.joined().count + plan.graph.stuck.count
    precondition(placed == plan.tasks.count)
  }
  checkEdit(of: plan, bytes: bytes)
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
