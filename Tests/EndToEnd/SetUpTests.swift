import Core
import Glibc
import Testing

/// Settings, and the commands that help to set a project up.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct SetUpTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox([("1", [])])
  }

  @Test("init writes settings that change nothing, once")
  func initialize() async throws {
    let first = try await sandbox.run("init")
    #expect(first.status == 0)
    #expect(first.output == "wrote \(sandbox.path)/lanes.yml\n")
    #expect(try await sandbox.run("config").status == 0)
    #expect(try await sandbox.run("run", "--command", "true").status == 0)
    let second = try await sandbox.run("init")
    #expect(second.status == 2)
    #expect(second.errors == "lanes init: lanes.yml is there already; --force replaces it\n")
    #expect(try await sandbox.run("init", "--force").status == 0)
  }

  @Test("a setting that is not known is refused with its line and the nearest one")
  func typo() async throws {
    try sandbox.write("jobs: 2\nschedul: levels\n", to: "lanes.yml")
    let run = try await sandbox.run("run", "--command", "true")
    #expect(run.status == 2)
    #expect(run.errors.contains("lanes.yml:2:1: "))
    #expect(run.errors.contains("schedule"))
    #expect(!sandbox.exists(".lanes"))
  }

  @Test("flags win over variables, variables over the project's file, that over the user's")
  func precedence() async throws {
    #expect(mkdir(sandbox.home + "/.config", 0o755) == 0)
    #expect(mkdir(sandbox.home + "/.config/lanes", 0o755) == 0)
    try sandbox.write("jobs: 2\nattempts: 7\ngrace: 3s\n", to: "../.config/lanes/lanes.yml")
    try sandbox.write("jobs: 3\nattempts: 6\n", to: "lanes.yml")
    let config = try await sandbox.run(["config"], environment: ["LANES_JOBS": "4"])
    #expect(config.status == 0)
    #expect(config.output.contains("jobs"))
    let run = try await sandbox.run(
      ["run", "-j5", "--command", "true", "--output", "json"], environment: ["LANES_JOBS": "4"])
    #expect(run.status == 0)
    let options = try #require(run.events.first?.fields["options"])
    #expect(options["jobs"]?.integer == 5)
    #expect(options["attempts"]?.integer == 6)
    #expect(options["grace"]?.number == 3)
  }

  @Test("config tells each value and where it comes from")
  func config() async throws {
    try sandbox.write("jobs: 3\n", to: "lanes.yml")
    let config = try await sandbox.run(["config"], environment: ["LANES_ATTEMPTS": "4"])
    let jobs = config.lines.first { $0.hasPrefix("jobs") }
    #expect(jobs?.contains("3") == true && jobs?.contains("lanes.yml:1") == true)
    let attempts = config.lines.first { $0.hasPrefix("attempts") }
    #expect(attempts?.contains("4") == true && attempts?.contains("LANES_ATTEMPTS") == true)
    let json = try await sandbox.run("config", "--format", "json")
    #expect((try? JSONDocument(parsing: Array(json.output.utf8), name: "config")) != nil)
  }

  @Test("doctor checks what is needed and ends with 1 when something is wrong")
  func doctor() async throws {
    let healthy = try await sandbox.run("doctor")
    #expect(healthy.output.contains("SQLite"))
    try sandbox.write("jobs: [\n", to: "lanes.yml")
    let ill = try await sandbox.run("doctor")
    #expect(ill.status == 1)
    #expect(ill.output.contains("lanes.yml:"))
  }

  @Test("the version and the help are printed, also for a command")
  func help() async throws {
    #expect(try await sandbox.run("--version").output.hasPrefix("lanes "))
    #expect(try await sandbox.run().output.contains("Usage: lanes "))
    for command in Command.allCases {
      let help = try await sandbox.run("help", command.rawValue)
      #expect(help.status == 0)
      #expect(help.output.contains("Usage: lanes \(command.rawValue)"))
    }
  }

  @Test("a project is found from a folder inside it")
  func inside() async throws {
    #expect(try await sandbox.run("run", "--command", "pwd >where").status == 0)
    #expect(sandbox.text("where") == sandbox.path + "\n")
    let status = try await sandbox.run("-C", "tasks", "status")
    #expect(status.lines[0].hasSuffix(": succeeded"))
    #expect(try await sandbox.run("-C", "nowhere", "status").status == 2)
  }
}
