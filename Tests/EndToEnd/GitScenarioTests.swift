import Core
import Glibc
import Testing

/// The shop of seven tasks with workers that write the files they are about.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct GitScenarioTests {
  private static let tasks: [(id: String, needs: [String], files: [String])] = [
    ("1", [], ["src/schema.rs", "migrations/", "Cargo.toml"]),
    ("2", ["1"], ["src/api/mod.rs", "src/api/routes.rs", "src/main.rs", "Cargo.toml"]),
    ("3", [], ["src/auth/mod.rs", "src/auth/jwt.rs", "src/auth/models.rs"]),
    ("4", [], ["src/catalog/mod.rs", "src/catalog/models.rs"]),
    ("5", ["3", "4"], ["src/cart/mod.rs", "src/auth/mod.rs"]),
    ("6", [], ["frontend/src/App.js", "frontend/package.json"]),
    ("7", ["2", "5", "6"], ["tests/integration_tests.rs"]),
  ]

  /// Adds a line to each of its files and to README.md, and waits until it may end.
  private static let worker = """
    #!/bin/sh
    set -eu
    for file in $FILES; do
      case $file in */) file=${file}001.sql ;; esac
      mkdir -p "$(dirname "$file")"
      echo "task $LANES_TASK_ID" >>"$file"
    done
    echo "- task $LANES_TASK_ID" >>README.md
    until test -e "$GO"; do sleep 0.02; done

    """

  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    var json = JSONWriter()
    json.object { json in
      json.key("tasks")
      json.array { json in
        for task in Self.tasks {
          json.object { json in
            json.key("id")
            json.string(task.id)
            json.key("title")
            json.string("Part \(task.id)")
            json.key("dependencies")
            json.array { json in for id in task.needs { json.string(id) } }
            json.key("files")
            json.array { json in for file in task.files { json.string(file) } }
            json.key("metadata")
            json.object { json in
              json.key("lanes")
              json.object { json in
                json.key("command")
                json.string("FILES='\(task.files.joined(separator: " "))' sh worker.sh")
              }
            }
          }
        }
      }
    }
    try sandbox.makeRepository([
      "README.md": "# Shop\n", "Cargo.toml": "[package]\n", "worker.sh": Self.worker,
      "src/auth/mod.rs": "// auth\n",
      "tasks/tasks.json": String(decoding: json.bytes, as: UTF8.self),
    ])
  }

  @Test("conflicts are foretold, seen while they come about, and gone in the end")
  func shop() async throws {
    let plan = try await sandbox.run("plan").output
    #expect(plan.contains("1 × 2  81%: one runs after the other anyway"))
    #expect(plan.contains("Cargo.toml (81%): declared by 1, declared by 2"))
    #expect(plan.contains("src/auth/mod.rs (81%): declared by 3, declared by 5"))

    try sandbox.write("# Shop, not committed\n", to: "README.md")
    try sandbox.write("mine\n", to: "untracked")
    let (head, go) = (try sandbox.git("rev-parse", "HEAD"), sandbox.home + "/go")
    let lanes = try await sandbox.start(
      ["run", "-j", "4", "--output", "json", "--no-write-status"], environment: ["GO": go])
    let contact = try await lanes.event("contact_seen")
    #expect(
      contact.fields["conflicts"]?.elements.first { $0["path"]?.string == "README.md" } != nil)
    let status = try await sandbox.run("status").output
    #expect(status.contains(" would conflict: README.md:"))
    try sandbox.write("", to: "../go")
    let run = try await lanes.end()
    #expect(run.status == 0, "\(run.output) \(run.errors)")

    let result = try sandbox.result(level: 2)
    for task in Self.tasks {
      for file in task.files {
        let path = file.hasSuffix("/") ? file + "001.sql" : file
        #expect(try sandbox.shown(result, path).contains("task \(task.id)"), "\(path)")
      }
      #expect(try sandbox.shown(result, "README.md").contains("- task \(task.id)"))
    }
    try sandbox.git("fsck", "--strict")
    #expect(try sandbox.git("rev-parse", "HEAD") == head)
    #expect(sandbox.text("README.md") == "# Shop, not committed\n")
    #expect(sandbox.text("untracked") == "mine\n")
    #expect(try sandbox.git("status", "--porcelain") == " M README.md\n?? untracked")
    #expect(try sandbox.branches("integration").count == 3)
    #expect(try sandbox.git("worktree", "list").split(separator: "\n").count == 1)
  }
}

/// What stands in the way is said before a run, and strange names are safe.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct GitTroubleTests {
  private func refused(
    _ sandbox: Sandbox, _ words: String, _ flags: String..., folder: String = ""
  ) async throws {
    let place = folder.isEmpty ? [] : ["-C", folder]
    let run = try await sandbox.run(place + ["run", "--command", "true"] + flags)
    #expect(run.status == 2)
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(!run.output.contains("📋"))
  }

  @Test("no commit, no such base, no identity, bare, a branch in the way: an error before the run")
  func errors() async throws {
    let sandbox = try Sandbox([("1", [])])
    try await refused(sandbox, "is in no git repository", "--isolate", "worktree")
    try sandbox.git("init", "-q", "-b", "main")
    try await refused(sandbox, "has no commit yet")
    try sandbox.makeRepository()
    try await refused(sandbox, "did you mean main?", "--base", "mian")
    try sandbox.git("branch", "integration")
    try await refused(sandbox, "git branch -m integration OTHER")
    try sandbox.git("branch", "-D", "integration")
    let hook = ".git/hooks/reference-transaction"
    try sandbox.makeFolder(".git/hooks")
    try sandbox.write("#!/bin/sh\ntest $1 != prepared\n", to: hook, mode: 0o755)
    try await refused(sandbox, "have the hook reference-transaction allow lanes its branches")
    try sandbox.git("config", "core.hooksPath", "/dev/null")
    try sandbox.git("config", "--unset", "user.email")
    try await refused(sandbox, "git config --global user.name")
    try sandbox.git("config", "core.bare", "true")
    try await refused(sandbox, "is a bare repository")
  }

  @Test("a detached HEAD, a shallow history, a locked index and failing hooks are no trouble")
  func harmless() async throws {
    let origin = try Sandbox([("1", [])])
    try origin.makeRepository()
    try origin.git("commit", "-q", "--allow-empty", "-m", "Second")
    let sandbox = try Sandbox()
    try sandbox.git("clone", "-q", "--depth", "1", "file://" + origin.path, "clone")
    let path = sandbox.path + "/clone"
    try sandbox.git("config", "user.name", "Test", in: path)
    try sandbox.git("config", "user.email", "t@example.invalid", in: path)
    try sandbox.git("checkout", "-q", "--detach", in: path)
    try sandbox.write("", to: "clone/.git/index.lock")
    try sandbox.makeFolder("clone/.git/hooks")
    for hook in ["pre-commit", "post-checkout", "commit-msg", "reference-transaction-x"] {
      try sandbox.write("#!/bin/sh\nexit 7\n", to: "clone/.git/hooks/\(hook)", mode: 0o755)
    }
    let run = try await sandbox.run("-C", path, "run", "--command", "echo x >x")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(run.output.contains("a hook of git ended with status 7"))
    let branch = try sandbox.git(
      "for-each-ref", "--format=%(refname)", "refs/heads/integration", in: path)
    #expect(try sandbox.git("show", "\(branch):x", in: path) == "x")
  }

  @Test("names with blanks, quotes, line feeds, dashes and dots are safe and told apart")
  func names() async throws {
    let ids = ["a b", "-x", "../up", "x.lock", "q'\"", "über", "n\nl", "a..b", "%", "*"]
    let sandbox = try Sandbox(ids.map { Sandbox.Task(id: $0) })
    try sandbox.makeRepository()
    let command =
      "mkdir -p d; printf %s \"$LANES_TASK_ID\" >\"d/$LANES_ATTEMPT"
      + "$(printf %s \"$LANES_TASK_ID\" | tr '/' '_')\"; echo >'-n'; echo >'new\nline'"
    let run = try await sandbox.run("run", "-j", "4", "--command", command)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(try sandbox.branches("feature").count == ids.count)
    let files = try sandbox.git("ls-tree", "-z", "--name-only", try sandbox.result(level: 0), "d/")
    #expect(files.split(separator: "\0").count == ids.count)
    #expect(!sandbox.exists("../up"))
    #expect(sandbox.names(in: ".lanes/worktrees") == [])
    try sandbox.git("fsck", "--strict")
  }

  @Test("the files that are to be copied and linked are in the worktree, and not in a commit")
  func copies() async throws {
    let sandbox = try Sandbox([("1", [])])
    try sandbox.makeRepository([
      ".gitignore": "*.env\nnode_modules/\n", ".worktreeinclude": "*.env\n",
      "lanes.yml": "git:\n  link: [node_modules]\n",
    ])
    try sandbox.write("SECRET\n", to: "local.env")
    try sandbox.makeFolder("node_modules/x")
    let run = try await sandbox.run(
      "run", "--command", "cat local.env && test -d node_modules/x && echo done >done")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(
      try sandbox.git("ls-tree", "-r", "--name-only", try sandbox.result(level: 0))
        .split(separator: "\n").sorted()
        == [".gitignore", ".worktreeinclude", "done", "lanes.yml", "tasks/tasks.json"])
  }

  @Test("submodules are there without a network, and a task's commits in them are kept")
  func submodules() async throws {
    let library = try Sandbox()
    try library.makeRepository(["lib.c": "int x;\n"])
    let sandbox = try Sandbox([("1", [])])
    try sandbox.makeRepository()
    try sandbox.git(
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.path, "vendor/lib")
    try sandbox.git("commit", "-q", "-m", "Library")
    let run = try await sandbox.run(
      "run", "--command",
      "cd vendor/lib && echo 'int y;' >>lib.c && git -c user.name=T -c user.email=t@e commit -qam y"
    )
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let result = try sandbox.result(level: 0)
    let commit = try sandbox.git("rev-parse", "\(result):vendor/lib")
    #expect(try sandbox.git("cat-file", "-t", commit, in: ".git/modules/vendor/lib") == "commit")
    #expect(
      try sandbox.git("show", "\(commit):lib.c", in: ".git/modules/vendor/lib") == "int x;\nint y;")
    #expect(try sandbox.git("worktree", "list").split(separator: "\n").count == 1)
  }
}
