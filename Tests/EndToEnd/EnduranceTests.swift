import Core
import Glibc
import Testing

/// Long runs, and runners that die at any moment.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct EnduranceTests {
  @Test("no descriptor is leaked over five hundred tasks")
  func descriptors() async throws {
    let sandbox = try Sandbox((1...500).map { ("\($0)", $0 > 100 ? ["\($0 - 100)"] : []) })
    let lanes = try await sandbox.start(
      "run", "-j4", "--schedule", "dataflow", "--output", "json", "--command",
      "case $LANES_TASK_ID in 50|450) until test -e go$LANES_TASK_ID; do sleep 0.02; done;; esac")
    var counts: [Int] = []
    try await lanes.event("attempt_launched", task: "50")
    let (keeper, runner) = try #require(lanes.keeperAndRunner)
    for id in ["50", "450"] {
      try await lanes.event("attempt_launched", task: id)
      try await sandbox.until("only the task that waits") {
        sandbox.processes.count { ![lanes.pid, keeper, runner].contains($0) } <= 2
      }
      counts.append(FileBytes.names(in: "/proc/\(runner)/fd").count)
      try sandbox.write("", to: "go" + id)
    }
    #expect(try await lanes.end().status == 0)
    #expect(abs(counts[1] - counts[0]) <= 4, "\(counts)")
  }

  private static let script =
    #filePath.split(separator: "/").dropLast(3)
    .reduce("") { $0 + "/" + $1 } + "/bench/torture.py"

  @Test(
    "runners that are killed at random moments lose nothing and repeat nothing",
    .enabled(if: access("/usr/bin/env", X_OK) == 0 && hasPython),
    arguments: [("kill", "5"), ("truncate", "2")])
  func torture(mode: String, runs: String) async throws {
    let sandbox = try Sandbox([])
    let torture = try await sandbox.start(
      ["--mode", mode, "--runs", runs, "--at-once", runs],
      environment: ["PATH": Self.path], prefix: ["python3", Self.script])
    let result = try await torture.end(within: .seconds(100))
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains(" 0 faults"))
  }

  private static var path: String { getenv("PATH").map { String(cString: $0) } ?? "/usr/bin" }

  private static var hasPython: Bool {
    path.split(separator: ":").contains { access("\($0)/python3", X_OK) == 0 }
  }
}
