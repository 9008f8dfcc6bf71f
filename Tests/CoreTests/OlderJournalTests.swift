import Core
import Testing

/// A journal that version 0.1.0 wrote, and the lines it printed while it ran.
///
/// Two tasks of the first level fail at first; one of them succeeds the second time, and what depends on
/// the other one is blocked.
@Suite("A journal of an older version opens")
struct OlderJournalTests {
  private let folder: JournalFolder
  private let journal: Journal
  private let run: String

  init() throws {
    folder = try JournalFolder()
    try folder.lanes.create()
    let bytes = try #require(FileBytes.read(Self.fixtures + "/lanes.sqlite"))
    try folder.write(".lanes/lanes.sqlite", bytes)
    journal = try Journal.open(folder: folder.lanes, mode: .reading)
    run = try #require(try journal.latestRun()?.id)
  }

  private static var fixtures: String { Corpus.folder + "/../journal-0.1.0" }

  @Test("every event is understood, as it was told then")
  func events() throws {
    let told = try #require(FileBytes.read(Self.fixtures + "/events.jsonl"))
    let lines = told.split(separator: UInt8(ascii: "\n")).map(Array.init)
    let events = Array(try RunEvents(journal, run: run))
    #expect(events.count == lines.count)
    var writer = EventLines(run: RunID(run), after: 0)
    for (event, line) in zip(events, lines) {
      let before = try JSONDocument(parsing: line, name: "before").root
      let now = try JSONDocument(parsing: Array(writer.line(for: event)), name: "now").root
      for name in ["seq", "at", "kind", "task", "attempt", "outcome", "code", "result", "level"] {
        #expect(now[name]?.string == before[name]?.string, "\(name)")
        #expect(now[name]?.number == before[name]?.number, "\(name)")
      }
    }
  }

  @Test("the run ends in the state it had then, and its report is whole")
  func state() throws {
    let record = try #require(RunRecord(try RunEvents(journal, run: run)))
    let state = record.state
    #expect(state.phase == .finished(.failed))
    #expect(
      state.tasks.map(\.result) == [
        .succeeded, .succeeded, .failed(.exited(code: 4)), .blocked(by: "3"),
      ])
    #expect(state.tasks.map(\.attempt) == [2, 1, 2, 0])
    let report = RunReport(record, at: state.lastEventAt)
    #expect(report.record.attempts.count == 5)
    let wall = state.lastEventAt - state.startedAt
    #expect(record.slotTime(at: state.lastEventAt).total == wall * state.jobs)
  }

  @Test("it can be taken up: what failed gets another try")
  func takeUp() throws {
    var state = try #require(RunState.fold(Array(try RunEvents(journal, run: run))))
    let settled = state.settle(
      .takenUp(TakeUp(runner: 7, retriesFailed: true)), at: state.lastEventAt)
    #expect(settled.events.contains { $0.kind == .attemptStarted(AttemptKey("3", 3), level: 0) })
    #expect(state.tasks[0].result == .succeeded)
  }
}
