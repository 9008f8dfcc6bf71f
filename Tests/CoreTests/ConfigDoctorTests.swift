import Core
import Testing

@Suite("The doctor") struct ConfigDoctorTests {
  private var healthy: DoctorFacts {
    var facts = DoctorFacts()
    facts.version = "1.0"
    facts.sqlite = "3.40.1"
    facts.yaml = "0.2.5"
    facts.ncurses = "ncurses 6.4"
    facts.git = "git version 2.39.5"
    facts.isInRepository = true
    facts.gitName = "Ada"
    facts.gitEmail = "ada@example.org"
    facts.hasShell = true
    facts.terminal = "xterm-256color"
    facts.isTerminal = true
    facts.colors = 256
    facts.isUTF8 = true
    facts.isWritable = true
    facts.taskFile = "tasks.json"
    facts.freeBytes = 1 << 40
    return facts
  }

  @Test("a healthy machine has nothing to say")
  func allWell() {
    #expect(
      Doctor.text(Doctor.checks(healthy)) == """
        ✔ lanes      1.0 with SQLite 3.40.1, libyaml 0.2.5, ncurses 6.4
        ✔ shell      /bin/sh
        ✔ folder     .
        ✔ task list  tasks.json
        ✔ settings   valid
        ✔ git        git version 2.39.5
        ✔ identity   Ada <ada@example.org>
        ✔ terminal   xterm-256color, 256 colours
        ✔ locale     UTF-8
        ✔ disk       1048576 MiB free

        """)
  }

  /// A change for the worse, and what is to be said of it.
  struct Trouble: Sendable {
    var name: String
    var state: DoctorCheck.State
    var remedy: String
    var change: @Sendable (inout DoctorFacts) -> Void

    init(
      _ name: String, _ state: DoctorCheck.State, _ remedy: String,
      change: @escaping @Sendable (inout DoctorFacts) -> Void
    ) {
      self.name = name
      self.state = state
      self.remedy = remedy
      self.change = change
    }
  }

  private static var troubles: [Trouble] {
    [
      Trouble("git", .warning, "install git, for example with apt-get install git") {
        $0.git = nil
      },
      Trouble("git", .problem, "install git 2.38 or later, or run with --isolate none") {
        $0.git = "git version 2.20.1"
      },
      Trouble("git", .warning, "run git init, so that tasks can work apart from each other") {
        $0.isInRepository = false
      },
      Trouble(
        "identity", .warning,
        "run git config --global user.name VALUE, and run git config --global user.email VALUE"
      ) {
        $0.gitName = ""
        $0.gitEmail = nil
      },
      Trouble("shell", .problem, "install a POSIX shell as /bin/sh") { $0.hasShell = false },
      Trouble(
        "folder", .problem, "make it writable; lanes keeps its journal in the folder .lanes there"
      ) { $0.isWritable = false },
      Trouble(
        "terminal", .warning, "set TERM to what the terminal is, such as xterm-256color"
      ) { $0.terminal = "dumb" },
      Trouble(
        "terminal", .warning, "set TERM to a variant with colours, such as vt100-256color"
      ) {
        $0.terminal = "vt100"
        $0.colors = -1
      },
      Trouble("locale", .warning, "set LC_ALL=C.UTF-8") { $0.isUTF8 = false },
      Trouble(
        "task list", .warning,
        "name the file, as in lanes run FILE, or make one with task-master parse-prd"
      ) { $0.taskFile = nil },
      Trouble("task list", .problem, "correct it; lanes validate checks it again") {
        $0.taskFileProblem = "tasks.json:3:1: no"
      },
      Trouble("settings", .problem, "correct it; lanes config shows the result") {
        $0.settingsProblem = "lanes.yml:3:1: no"
      },
      Trouble(
        "slurm", .problem, "install Slurm's client commands, or choose launcher: local"
      ) { $0.usesSlurm = true },
      Trouble(
        "slurm", .problem, "see what sinfo says, and whether SLURM_CONF names the cluster"
      ) { ($0.usesSlurm, $0.slurm) = (true, "slurm-wlm 22.05.8") },
      Trouble("disk", .warning, "free some space for logs and the journal") {
        $0.freeBytes = 1000
      },
    ]
  }

  @Test("each trouble has a state and a remedy", arguments: Self.troubles)
  func trouble(trouble: Trouble) {
    var facts = healthy
    trouble.change(&facts)
    let checks = Doctor.checks(facts).filter { $0.state != .ok }
    #expect(checks.map(\.name) == [trouble.name])
    #expect(checks.first?.state == trouble.state)
    #expect(checks.first?.remedy == trouble.remedy)
  }
}
