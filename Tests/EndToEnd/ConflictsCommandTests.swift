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
