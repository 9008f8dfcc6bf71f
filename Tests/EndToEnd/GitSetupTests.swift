import Core
import Glibc
import Testing

/// What worktrees have beside the files of their commit, and how they are watched where that is hard.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct GitSetupTests {
  @Test("files of LFS are whole in worktrees, and pointers in the result")
  func largeFiles() async throws {
    let sandbox = try Sandbox(
      [("1", []), ("2", ["1"])],
      commands: [
        "1": "grep -q large big.bin && echo larger >>big.bin && echo other >new.bin",
        "2": "cat big.bin new.bin >seen",
      ])
    try sandbox.makeRepository([".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n"])
    try sandbox.git("lfs", "install", "--local")
    try sandbox.write("large\n", to: "big.bin")
    try sandbox.git("add", "big.bin")
    try sandbox.git("commit", "-q", "-m", "Large")
    let run = try await sandbox.run("run")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let result = try sandbox.result(level: 1)
    #expect(try sandbox.shown(result, "seen") == "large\nlarger\nother")
    for name in ["big.bin", "new.bin"] {
      #expect(
        try sandbox.shown(result, name).hasPrefix("version https://git-lfs.github.com/spec/v1"))
    }
    try sandbox.git("lfs", "fsck", "main..\(result)")
    try sandbox.git("worktree", "add", "-q", "--detach", "../look", result)
    #expect(sandbox.text("../look/big.bin") == "large\nlarger\n")
  }

  @Test("tasks at work have ports of their own, and one that starts later gets those that are free")
  func ports() async throws {
    let sandbox = try Sandbox([("1", []), ("2", []), ("3", []), ("4", ["1"])])
    try sandbox.makeRepository(["lanes.yml": "git: {first_port: 6000, port_count: 5}\n"])
    let run = try await sandbox.run(
      "run", "-j", "3", "--command", "echo $LANES_PORT >port-$LANES_TASK_ID; sleep 0.3")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let result = try sandbox.result(level: 1)
    let ports = try (1...4).map { try sandbox.shown(result, "port-\($0)") }
    #expect(Set(ports.prefix(3)) == ["6000", "6005", "6010"])
    #expect(ports[3] == "6000")
  }

  @Test(
    "where worktrees cannot be watched they are looked at, and conflicts are still told",
    arguments: ["max_inotify_watches", "max_inotify_instances"])
  func polling(limit: String) async throws {
    let sandbox = try Sandbox([("1", []), ("2", [])])
    try sandbox.makeRepository(["src/a/f": "1\n2\n3\n", "src/b/g": ""])
    let go = sandbox.home + "/go"
    let command =
      "sleep 0.5; sed -i \"2s/$/ $LANES_TASK_ID/\" src/a/f; until test -e \"$GO\"; do sleep 0.05; done"
    let lanes = try await sandbox.start(
      ["run", "--output", "json", "--command", command], environment: ["GO": go],
      prefix: ["unshare", "-Ur", "sh", "-c", "echo 1 >/proc/sys/user/\(limit); exec \"$@\"", "sh"])
    let contact = try await lanes.event("contact_seen", within: .seconds(20))
    #expect(
      contact.fields["conflicts"]?.elements.contains { $0["path"]?.string == "src/a/f" } == true)
    try sandbox.write("", to: "../go")
    #expect(try await lanes.end().status == 0)
    #expect(try await sandbox.run("status").output.contains("would conflict") == false)
  }
}
