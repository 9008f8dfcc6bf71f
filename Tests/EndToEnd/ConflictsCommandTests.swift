import Core
import Glibc
import Testing

/// Learning from a real repository's history, and what the plan makes of it.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ConflictsCommandTests {
  @Test("what the history teaches is kept, explained for a pair, and set aside when it is damaged")
  func training() async throws {
    let sandbox = try Sandbox([
      Sandbox.Task(id: "1", title: "Faster lexer"),
      Sandbox.Task(id: "2", title: "Lexer without recursion"),
      Sandbox.Task(id: "3", title: "Colours"),
    ])
    try sandbox.makeRepository()
    for number in 0..<60 {
      let (word, file) = number % 2 == 0 ? ("lexer", "lexer.c") : ("colours", "theme.c")
      try sandbox.write("\(number)\n", to: file)
      try sandbox.git("add", file)
      try sandbox.git("commit", "-q", "-m", "Change \(word) once more")
    }
    let trained = try await sandbox.run("conflicts", "train")
    #expect(trained.status == 0 && trained.output.contains("Learnt 61 commits"))
    let pair = try await sandbox.run("conflicts", "1", "2")
    #expect(pair.output.contains("1 × 2") && pair.output.contains("lexer.c"))
    #expect(pair.output.contains("both say “lexer”"))
    let plan = try await sandbox.run("plan")
    #expect(plan.output.contains("goes with “lexer” of 1"))
    #expect(try await sandbox.run("conflicts", "evaluate").status == 0)
    try sandbox.write("broken", to: ".lanes/conflicts.model")
    let after = try await sandbox.run("plan")
    #expect(after.status == 0 && after.errors.contains("lanes conflicts train"))
    #expect(!after.output.contains("lexer.c"))
  }

  /// A stream for `git fast-import`: in each round two branches begin at the same commit and are merged one
  /// after the other; in every second round both change the same file.
  static func branches(rounds: Int) -> String {
    var (stream, mark) = ("", 0)
    func commit(_ message: String, from parents: [Int], file: String? = nil) -> Int {
      mark += 1
      stream += "commit refs/heads/main\nmark :\(mark)\n"
      stream += "committer Test <test@example.invalid> \(1_700_000_000 + mark * 60) +0000\n"
      stream += "data \(message.utf8.count)\n\(message)\n"
      for (place, parent) in parents.enumerated() {
        stream += "\(place == 0 ? "from" : "merge") :\(parent)\n"
      }
      if let file { stream += "M 644 inline \(file)\ndata 3\n\(100 + mark)\n" }
      return mark
    }
    var tip = commit("The beginning", from: [], file: "README.md")
    for round in 0..<rounds {
      let first = commit("Change lexer \(round)", from: [tip], file: "lexer.c")
      let isSame = round % 2 == 0
      let second = commit(
        "Change \(isSame ? "lexer" : "colours") \(round)", from: [tip],
        file: isSame ? "lexer.c" : "theme.c")
      tip = commit("Merge the first branch", from: [tip, first])
      tip = commit("Merge the second branch", from: [tip, second])
    }
    return stream
  }

  @Test(
    "a history with merged branches is held against pairs of branches, and which were open together"
  )
  func mergedBranches() async throws {
    let sandbox = try Sandbox([("1", [])])
    try sandbox.git("init", "-q", "-b", "main")
    try sandbox.git(["fast-import", "--quiet"], input: Self.branches(rounds: 20))
    let result = try await sandbox.run("conflicts", "evaluate", "--format", "json")
    // Two parts of eight branches each, every one with every other.
    #expect(result.output.contains(#""tasks_are":"branches","tasks":16,"pairs":56,"#))
    #expect(result.output.contains(#""open_together":{"pairs":8,"meetings":4,"#))
    #expect(result.output.contains(#""learned":{"average_precision":1"#))
    let text = try await sandbox.run("conflicts", "evaluate")
    #expect(text.output.contains("8 pairs of branches that were open at the same time; 50%"))
  }

  @Test("one task alone, an unknown task and a folder without git are told what to do")
  func mistakes() async throws {
    let sandbox = try Sandbox([("1", []), ("2", [])])
    let one = try await sandbox.run("conflicts", "1")
    #expect(one.status == 2 && one.errors.contains("name both"))
    #expect(try await sandbox.run("conflicts", "1", "9").errors.contains("no task \"9\""))
    let train = try await sandbox.run("conflicts", "train")
    #expect(train.status == 2 && train.errors.contains("in no git repository"))
  }
}
