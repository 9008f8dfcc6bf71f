import Core
import Testing

@Suite("The JSON form of what happens in worktrees")
struct GitCodingTests {
  private static let key = AttemptKey("a b", 2)
  private static let files = [
    ConflictedFile(path: "src/\"x\"\n.rs", lines: [1...2, 5...5]),
    ConflictedFile(path: "gone", reason: "modify/delete"),
  ]

  @Test(
    "every event is read back as it was written",
    arguments: [
      .workspaceReady(
        key, Workspace(path: "/w", branch: "b", base: "c", resolves: "d", ancestor: "e")),
      .workspaceReady(key, Workspace(path: "/w", branch: "", base: "c")), .workspaceRemoved("1"),
      .workCommitted(
        key,
        WorkCommit(
          head: "h", files: ["f", "-g"], count: 2, hadLeftovers: true, took: .milliseconds(20))),
      .mergeStarted(repository: 1, tasks: ["1", "2"]), .workMerged(key, commit: "c"),
      .mergeConflicted(key, MergeConflict(files: files, others: ["1"], next: .resolve)),
      .mergeFailed("why"), .resultMoved(repository: 0, branch: "b", commit: "c"),
      .contactSeen("1", "2", Contact(files: ["f"], conflicts: files)),
      .publishing(repository: 0, branch: "b"),
      .published(repository: 0, branch: "b", words: "w", isDone: true),
      .heldBack(key, behind: "1"),
      .culpritSought(
        CulpritSearch(level: 1, gate: "g", attempt: 2, words: "w", tasks: ["1", "2"])),
      .culpritFound(key, gate: "g", words: "w"),
      .resultRemade(
        RemadeResult(
          repository: 0, branch: "b", commit: "c", merges: [.init(task: "1", commit: "d")],
          without: ["2"])),
      .workSetAside(key, gate: "g", words: "w", isRefused: false, ref: "refs/x"),
      .searchEnded(level: 1, gate: "g", .helpless),
      .speculationStarted(key, beside: ["1", "2"]),
      .speculationEnded(
        key, SpeculationEnd(.rolledBack, others: ["1"], time: .milliseconds(1500))),
      .mergeConflicted(key, MergeConflict(files: files, others: ["1"], next: .rollBack)),
    ] as [GitEvent])
  func events(event: GitEvent) throws {
    var json = JSONWriter()
    json.object { RunEvent.Kind.git(event).encodeFields(into: &$0) }
    let document = try JSONDocument(parsing: json.bytes, name: "e")
    #expect(RunEvent.Kind(name: event.name, fields: document.root) == .git(event))
  }

  @Test("times are read back to the microsecond")
  func times() throws {
    for microseconds in (1...2000).map({ $0 * 4_321 }) + [0, 1, 8_123_457, 4_000_000_000_001] {
      let usage = ResourceUsage(cpu: .microseconds(microseconds))
      let event = RunEvent.Kind.attemptEnded(Self.key, .exited(code: 0), usage)
      var json = JSONWriter()
      json.object { event.encodeFields(into: &$0) }
      let document = try JSONDocument(parsing: json.bytes, name: "e")
      #expect(RunEvent.Kind(name: "attempt_ended", fields: document.root) == event)
    }
  }

  @Test("a gate's verdict about one commit, and an attempt without changes, are read back too")
  func others() throws {
    let events: [RunEvent.Kind] = [
      .crew(.stageStarted(.probe(level: 2, commit: "c"), gate: "g", try: 1)),
      .attemptEnded(Self.key, .unchanged, ResourceUsage()),
    ]
    for event in events {
      var json = JSONWriter()
      json.object { event.encodeFields(into: &$0) }
      let document = try JSONDocument(parsing: json.bytes, name: "e")
      #expect(RunEvent.Kind(name: event.name, fields: document.root) == event)
    }
  }
}
