import Core
import Glibc

// Feeds bytes of any kind to a reader, and traps when a promise is broken.

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

/// What is fed, by the variable `FUZZ_READER`.
private enum Reader: String {
  case json
  case yaml
  case markdown
  case specs
  case agents

  static let chosen = getenv("FUZZ_READER").flatMap { Reader(rawValue: String(cString: $0)) }
}

private func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  switch Reader.chosen ?? .json {
  case .json: readTaskMaster(bytes)
  case .yaml: readPlanning(bytes)
  case .markdown: readMarkdown(bytes)
  case .specs: readSpecs(bytes)
  case .agents: readAgents(bytes)
  }
  return 0
}

/// Asks for all that is said about a plan.
func check(_ plan: Plan) {
  for plan in [plan, plan.remaining()] {
    let report = PlanReport(plan, jobs: 3)
    _ = (report.text(), report.dot(), report.mermaid())
    precondition((try? JSONDocument(parsing: report.json(), name: "report")) != nil)
    let placed = plan.graph.levels.joined().count + plan.graph.stuck.count
    precondition(placed == plan.tasks.count)
  }
}
