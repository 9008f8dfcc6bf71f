import Core
import Testing

/// The rules of the "Trace Event Format" document that Perfetto and chrome://tracing go by.
@Suite("The trace keeps the rules of its format")
struct TraceFormatTests {
  /// Two runs with failures, waits, a pause and an attempt that still runs.
  private func events() throws -> [JSONNode] {
    let reports = try (0..<2).map { number -> RunReport in
      var numbers = SeededNumbers(seed: UInt64(number))
      var run = RunScenario(RandomPlan.tasks(count: 20, &numbers)) { options in
        options.jobs = 3
        options.attempts = 3
        options.onFailure = .keepGoing
      }
      for _ in 0..<25 where !run.state.hasEnded {
        run.pass(.milliseconds(Int64.random(in: 0...900, using: &numbers)))
        guard let index = run.state.running.randomElement(using: &numbers) else { continue }
        let id = run.state.manifest.plan.tasks[index].id.text
        run.end(id, Int.random(in: 0...3, using: &numbers) == 0 ? 1 : 0)
      }
      return RunReport(try #require(RunRecord(run.events)), at: run.now)
    }
    let document = try JSONDocument(parsing: RunReports.trace(reports), name: "trace")
    #expect(["ms", "ns"].contains(document.root["displayTimeUnit"]?.string))
    return document.root["traceEvents"]?.elements.map(\.self) ?? []
  }

  private struct Track: Hashable {
    var process: Int
    var thread: Int

    init(_ event: JSONNode) throws {
      process = try #require(event["pid"]?.integer)
      thread = try #require(event["tid"]?.integer)
    }
  }

  @Test("each event has what all need, and what its phase needs")
  func fields() throws {
    for event in try events() {
      _ = try Track(event)
      let (name, time) = (event["name"]?.string ?? "", event["ts"]?.number ?? -1)
      #expect(!name.isEmpty && time >= 0)
      switch event["ph"]?.string {
      case "X": #expect((event["dur"]?.number ?? -1) >= 0 && event["cat"]?.string != nil)
      case "M":
        #expect(["process_name", "thread_name"].contains(name))
        #expect(event["args"]?["name"]?.string != nil)
      case "C":
        let values = event["args"]?.members.map(\.value.number) ?? []
        #expect(!values.isEmpty && values.allSatisfy { $0 != nil })
      case "s", "f": #expect(event["id"]?.integer != nil && event["cat"]?.string != nil)
      case let other: Issue.record("the format has other rules for \(other ?? "no phase")")
      }
    }
  }

  @Test("slices of a track do not overlap, and all times of a counter follow one another")
  func order() throws {
    var ends: [Track: Double] = [:]
    var counted: [Int: Double] = [:]
    for event in try events() {
      let (track, time) = (try Track(event), event["ts"]?.number ?? -1)
      switch event["ph"]?.string {
      case "X":
        #expect(time >= ends[track] ?? 0)
        ends[track] = time + (event["dur"]?.number ?? 0)
      case "C":
        #expect(time > counted[track.process] ?? -1)
        counted[track.process] = time
      default: continue
      }
    }
    #expect(ends.count == 6 && counted.count == 2)
  }

  @Test("an arrow leads from inside one slice to a later one, and its parts have one name")
  func arrows() throws {
    let all = try events()
    var slices: [Track: [ClosedRange<Double>]] = [:]
    for event in all where event["ph"]?.string == "X" {
      let start = event["ts"]?.number ?? 0
      slices[try Track(event), default: []].append(start...(start + (event["dur"]?.number ?? 0)))
    }
    var starts: [Int: JSONNode] = [:]
    for event in all where event["ph"]?.string == "s" {
      let id = try #require(event["id"]?.integer)
      #expect(starts.updateValue(event, forKey: id) == nil)
    }
    var open = starts
    for event in all where event["ph"]?.string == "f" {
      let found = open.removeValue(forKey: event["id"]?.integer ?? -1)
      let start = try #require(found)
      #expect(start["name"]?.string == event["name"]?.string)
      #expect(start["cat"]?.string == event["cat"]?.string)
      #expect((start["ts"]?.number ?? 0) <= event["ts"]?.number ?? -1)
      #expect(event["bp"]?.string == "e")
      for end in [start, event] {
        let time = end["ts"]?.number ?? -1
        #expect(slices[try Track(end)]?.contains { $0.contains(time) } == true)
      }
    }
    #expect(!starts.isEmpty && open.isEmpty)
  }
}
