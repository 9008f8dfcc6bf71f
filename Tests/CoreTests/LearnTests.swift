import Core
import Testing

@Suite("Learning conflicts from a history")
struct LearnTests {
  /// A history in which work on the parser changes the parser's files, and so on, and some merges.
  static func log(commits: Int, seed: UInt64 = 1) -> CommitLog {
    let topics = ["parser token", "cart checkout", "theme colour", "login session", "report table"]
    var numbers = SeededNumbers(seed: seed)
    let paths = topics.indices.flatMap { topic in
      (0..<4).map { "src/area\(topic)/file\($0).rs" }
    }
    return CommitLog(
      paths: paths,
      commits: (0..<commits).map { place in
        let topic = Int.random(in: 0..<topics.count, using: &numbers)
        let word = topics[topic].split(separator: " ").randomElement(using: &numbers) ?? ""
        let first = Int32(topic * 4 + Int.random(in: 0..<2, using: &numbers))
        return CommitLog.Commit(
          message: "Improve \(word) number \(place)",
          files: [first, Int32(topic * 4 + 3)].sorted(),
          parents: place > 0 ? [Int32(place - 1)] : [])
      })
  }

  static func model(_ log: CommitLog) -> ConflictModel {
    ConflictModel(log, tasks: PastTasks(log), oldest: log.commits.count, commit: "c")
  }

  @Test("names are taken apart, plurals are singulars, and trailers and addresses are left out")
  func words() {
    let text = """
      Fix the HTMLParser's tokens in cart_service2 (see https://example.com/x)

      Signed-off-by: Somebody <some@body.example>
      """
    #expect(
      MessageWords.words(in: text) == [
        "cart", "html", "htmlparser", "parser", "service", "service2", "token",
      ])
  }

  @Test("git's stream gives commits with their parents, the oldest first")
  func parsing() {
    let output = """
      \u{1}c3\u{1}c1 c2\u{1}Merge branch 'b'
      \0\u{1}c2\u{1}c1\u{1}Second
      \0
      src/b\0a file\0\u{1}c1\u{1}\u{1}First
      \0
      src/b\0
      """
    let log = CommitLog(parsing: Array(output.utf8)) { $0 == "a file" }
    #expect(log.paths == ["src/b"])
    #expect(log.commits.map(\.message) == ["First\n", "Second\n", "Merge branch 'b'\n"])
    #expect(log.commits.map(\.files) == [[0], [0], []])
    #expect(log.commits.map(\.parents) == [[], [0], [0, 1]])
  }

  @Test("what a merge brought in is one task, and commits are tasks where there are few merges")
  func branches() {
    func commit(_ message: String, _ files: [Int32], _ parents: [Int32]) -> CommitLog.Commit {
      CommitLog.Commit(message: message, files: files, parents: parents)
    }
    var commits = [commit("root", [0], [])]
    for branch in 0..<30 {
      let tip = Int32(commits.count - 1)
      commits.append(commit("begin \(branch)", [1], [tip]))
      commits.append(commit("end \(branch)", [2], [tip + 1]))
      commits.append(commit("Merge", [], [tip, tip + 2]))
    }
    let merged = PastTasks(CommitLog(paths: ["a", "b", "c"], commits: commits))
    #expect(merged.source == .branches)
    #expect(merged.tasks.count == 30)
    #expect(
      merged.tasks[0] == PastTask(text: "begin 0\nend 0", files: [1, 2], span: 1...3, base: 0))
    let few = PastTasks(CommitLog(paths: ["a", "b", "c"], commits: Array(commits.prefix(10))))
    #expect(few.source == .commits)
    #expect(few.tasks.count == 7)
  }

  @Test("held-back work is predicted better than by names in the text, and calibrated")
  func evaluation() throws {
    let evaluation = ConflictEvaluation(Self.log(commits: 1500))
    let learned = try #require(evaluation.all.quality(.learned))
    let text = try #require(evaluation.all.quality(.text))
    #expect(evaluation.all.pairs > 1000)
    #expect(learned.averagePrecision > 0.9)
    #expect(text.averagePrecision < 0.3)
    #expect(learned.calibrationError < 0.05)
  }

  @Test("a model comes back from its bytes, and bytes that are damaged give none")
  func coding() {
    let model = Self.model(Self.log(commits: 200))
    let bytes = model.encoded
    #expect(ConflictModel(encoded: bytes) == model)
    var numbers = SeededNumbers(seed: 3)
    for _ in 0..<200 {
      var damaged = bytes
      damaged[Int.random(in: 0..<bytes.count, using: &numbers)] ^= 0x41
      #expect(ConflictModel(encoded: damaged) == nil)
    }
    for count in [0, 7, 8, 19, bytes.count / 2, bytes.count - 1] {
      #expect(ConflictModel(encoded: Array(bytes.prefix(count))) == nil)
    }
  }

  @Test("a model that cannot be read is set aside and the next one takes its place")
  func store() throws {
    let folder = try TemporaryFolder()
    let lanes = LanesFolder(in: folder.path)
    try lanes.create()
    let model = Self.model(Self.log(commits: 100))
    #expect(ModelStore.load(from: lanes) == .nothing)
    _ = try ModelStore.store(model, in: lanes)
    #expect(ModelStore.load(from: lanes) == .model(model))
    _ = try folder.write("no model", to: ".lanes/conflicts.model")
    #expect(ModelStore.load(from: lanes) == .setAside(lanes.conflictModel + ".old"))
    #expect(ModelStore.load(from: lanes) == .nothing)
  }

  @Test("two tasks about the same thing are expected to meet, and the words that say so are named")
  func prediction() throws {
    let plan = Plan(
      origin: Plan.Origin(file: "tasks.json"),
      tasks: [
        TaskSpec(id: "1", title: "Speed up the parser"),
        TaskSpec(id: "2", title: "Name the token in messages of the parser"),
        TaskSpec(id: "3", title: "A colour for the theme"),
      ])
    let log = Self.log(commits: 1000)
    let files = RepositoryFiles(paths: log.paths)
    let model = Self.model(log)
    let found = Prediction(threshold: 0.5, ignored: [], schedule: .levels, model: model)
      .conflicts(in: plan, files)
    let first = try #require(found.first)
    #expect([first.first, first.second] == ["1", "2"] && first.standing == .expected)
    #expect(first.evidence.first?.path == "src/area0/file3.rs")
    #expect(first.evidence.first?.words.contains("“parser” of 1") == true)
    #expect(first.evidence.last?.words == "both say “parser”")
    #expect(!found.contains { $0.second == "3" && $0.standing == .expected })
    let without = Prediction(threshold: 0.5, ignored: [], schedule: .levels)
    #expect(without.conflicts(in: plan, files).isEmpty)
  }

  @Test("average precision counts ties as one step, and calibration is the mean distance in bins")
  func quality() {
    let quality = RankingQuality(
      [0.9, 0.8, 0.8, 0.1], [true, true, false, false], threshold: 0.85)
    // One of one, then two of three.
    #expect(abs(quality.averagePrecision - (0.5 * 1 + 0.5 * 2 / 3)) < 1e-9)
    #expect(quality.precision == 1 && quality.recall == 0.5)
    // Bins: 0.1 short, 0.6 of two over, 0.1 over.
    #expect(abs(quality.calibrationError - (0.1 + 0.6 + 0.1) / 4) < 1e-9)
    #expect(RankingQuality.bestThreshold([0.9, 0.8, 0.1], [true, true, false]) == 0.8)
  }
}
