import Core
import Glibc
import Testing

/// Plans that other programs run, and what shells and man are given.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ExportCommandTests {
  private static let title = "it's $HOME `touch bad` \"q\" \\ #; {{x}}"

  /// Tasks that write down what they were given; the first fails at its first attempt.
  private func sandbox() throws -> Sandbox {
    let note = "printf '%s|%s|%s\\n' \"$LANES_TASK_ID\" \"$LANES_TASK_TITLE\" \"$MODE\" >> notes"
    return try Sandbox([
      Sandbox.Task(
        id: "1", command: "\(note); cat > prompt; test $LANES_ATTEMPT = 2", title: Self.title,
        details: "one\n'two' $x `y` \\n {{z}}"),
      Sandbox.Task(id: "2", dependencies: ["1"], command: note),
      Sandbox.Task(id: "a b", dependencies: ["1"], command: note),
    ])
  }

  private func export(_ target: String, _ sandbox: Sandbox) async throws {
    try sandbox.write("environment:\n  MODE: \"a 'b'\"\n", to: "lanes.yml")
    let export = try await sandbox.run("export", target, "--attempts", "2")
    #expect(export.status == 0 && export.errors.isEmpty)
    try sandbox.write(export.output, to: "plan.out")
  }

  private func run(_ words: [String], in sandbox: Sandbox) throws -> Int32 {
    let child = try ChildProcess(
      words: ["env", "-C", sandbox.path] + words,
      variables: ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=\(sandbox.home)", sandbox.mark],
      folder: sandbox.home)
    var status: Int32 = 0
    waitpid(child.pid, &status, 0)
    for end in [child.output, child.errors, child.life] { close(end) }
    return status
  }

  private func check(_ sandbox: Sandbox) {
    #expect(
      sandbox.lines("notes") == [
        "1|\(Self.title)|a 'b'", "1|\(Self.title)|a 'b'", "2|Task 2|a 'b'", "a b|Task a b|a 'b'",
      ])
    #expect(
      sandbox.text("prompt")
        == "# Task 1: \(Self.title)\n\n## Details\n\none\n'two' $x `y` \\n {{z}}\n")
    #expect(!sandbox.exists("bad"))
  }

  @Test("make runs an exported plan, and a second call has nothing to do")
  func make() async throws {
    let sandbox = try sandbox()
    try await export("make", sandbox)
    #expect(try run(["make", "-s", "-j2", "-f", "plan.out"], in: sandbox) == 0)
    check(sandbox)
    #expect(try run(["make", "-s", "-f", "plan.out"], in: sandbox) == 0)
    check(sandbox)
  }

  @Test(
    "ninja runs an exported plan",
    .enabled(if: access("/usr/bin/ninja", X_OK) == 0, "ninja is not installed"))
  func ninja() async throws {
    let sandbox = try sandbox()
    try await export("ninja", sandbox)
    #expect(try run(["ninja", "-f", "plan.out"], in: sandbox) == 0)
    check(sandbox)
  }

  @Test("Slurm gets one job a task after those it needs")
  func slurm() async throws {
    let sandbox = try sandbox()
    try await export("slurm", sandbox)
    // A stand-in that runs each job at once and prints its number, as sbatch does with a cluster.
    try sandbox.write(
      "#!/bin/sh\necho \"$*\" >> calls\necho x >> count\nsh > /dev/null || exit 1\n"
        + "echo \"$(wc -l < count);cluster\"\n", to: "sbatch", mode: 0o755)
    let words = ["sh", "-c", "PATH=.:$PATH; export PATH; exec sh plan.out"]
    #expect(try run(words, in: sandbox) == 0)
    check(sandbox)
    #expect(sandbox.lines("calls").count == 3)
    #expect(sandbox.lines("calls").count { $0.hasSuffix("--dependency=afterok:1") } == 2)
  }

  @Test("a wrong target, and a wrong shell, are told the nearest")
  func wrongWords() async throws {
    let sandbox = try sandbox()
    let target = try await sandbox.run("export", "argos")
    #expect(target.status == 2 && target.errors.contains("did you mean argo?"))
    let shell = try await sandbox.run("completions", "bsh")
    #expect(shell.status == 2 && shell.errors.contains("did you mean bash?"))
  }

  @Test("bash completes commands, flags and the words of a flag")
  func bash() async throws {
    let sandbox = try sandbox()
    let script = try await sandbox.run("completions", "bash")
    try sandbox.write(script.output, to: "complete.bash")
    try sandbox.write(
      """
      . ./complete.bash
      try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lanes; echo "${COMPREPLY[*]}" >> found; }
      try lanes simu
      try lanes run --sched
      try lanes run --schedule lev
      try lanes completions zs
      try lanes run tasks/ta

      """, to: "try.bash")
    #expect(try run(["bash", "try.bash"], in: sandbox) == 0)
    #expect(
      sandbox.text("found") == "simulate\n--schedule\nlevels\nzsh\ntasks/tasks.json\n")
  }

  @Test("history remembers, and the next run and simulation use it")
  func history() async throws {
    let sandbox = try Sandbox([("1", [])], commands: ["1": "sleep 0.2"])
    for _ in 0..<3 {
      let run = try await sandbox.run("run", "--no-write-status", "--output", "quiet")
      #expect(run.status == 0)
    }
    let history = try await sandbox.run("history")
    #expect(history.status == 0)
    #expect(history.lines.contains { $0.hasPrefix("📋 3 runs") })
    #expect(history.lines.contains { $0.hasPrefix("📊 Estimates: 2 to compare") })
    #expect(try await sandbox.run("history", "1").lines.count == 4)
    let simulated = try await sandbox.run("simulate")
    #expect(simulated.lines.contains("📊 Times of tasks: 1 history"))
  }
}
