import Core
import Testing

@Suite("Finding files that tasks will change")
struct PredictionTests {
  @Test(
    "paths in prose are found, and what only looks like one is not",
    arguments: [
      (
        "Edit `src/main.rs` and src/lib.rs, then Cargo.toml.",
        ["src/main.rs", "src/lib.rs", "Cargo.toml"]
      ),
      ("import Button from '@mui/material'; import Cart from './components/Cart'", []),
      ("Use @mui/material and ./components/Cart with Node.js, Next.js and Vue.js", []),
      ("GET /api/users returns application/json; see https://example.com/a.html", []),
      ("version 1.2.3 and/or v2.0, e.g. req.body and process.env, CI/CD, input/output", []),
      ("Tables in migrations/ and `src/auth/mod.rs:12`", ["migrations/", "src/auth/mod.rs"]),
      (
        "The Dockerfile, .env.example and .gitignore", ["Dockerfile", ".env.example", ".gitignore"]
      ),
      ("from flask import app.py", []), ("let x = require('fs.js')", []),
      ("../outside.rs, /etc/passwd.txt, a@b.c, std::fs.rs, $HOME/x.sh", []),
      ("Übersicht in docs/über.md", ["docs/über.md"]),
    ])
  func paths(text: String, expected: [String]) {
    #expect(PathsInText.paths(in: text) == expected)
  }

  @Test(
    "patterns mean what they mean in .gitignore",
    arguments: [
      ("*.lock", "Cargo.lock", true), ("*.lock", "a/b/yarn.lock", true), ("*.lock", "lock", false),
      ("CLAUDE.md", "sub/CLAUDE.md", true), ("CLAUDE.md", "xCLAUDE.md", false),
      ("/CLAUDE.md", "sub/CLAUDE.md", false), ("src/**", "src/a/b.rs", true),
      ("src/*.rs", "src/a/b.rs", false), ("src/**/b.rs", "src/b.rs", true),
      ("src/**/b.rs", "src/x/y/b.rs", true), ("src/", "src/a", true), ("src/", "a/src/b", true),
      ("{a,b}.txt", "b.txt", true), ("[a-c]?.md", "bz.md", true), ("[!a]x", "ax", false),
      (".claude/**", ".claude/settings.json", true), ("a/b", "x/a/b", false),
    ])
  func globs(pattern: String, path: String, expected: Bool) {
    #expect(GlobPattern(pattern).matches(path) == expected)
  }

  private func plan(_ tasks: [TaskSpec]) -> Plan {
    Plan(origin: Plan.Origin(file: "tasks.json"), tasks: tasks)
  }

  private func text(_ details: String) -> TaskText {
    var text = TaskText()
    text.details = details
    return text
  }

  @Test("two tasks of a level that declare the same file are expected to conflict")
  func declared() {
    let plan = plan([
      TaskSpec(id: "1", title: "", files: ["Cargo.toml", "src/a.rs"]),
      TaskSpec(id: "2", title: "", dependencies: ["1"], files: ["./Cargo.toml"]),
      TaskSpec(id: "3", title: "", text: text("change src/a.rs")),
      TaskSpec(id: "4", title: "", text: text("also src/a.rs")),
    ])
    let found = Prediction(threshold: 0.5, ignored: [], schedule: .levels)
      .conflicts(in: plan, RepositoryFiles(paths: ["src/a.rs"]))
    #expect(
      found.map { "\($0.first) \($0.second) \($0.standing)" } == [
        "1 3 expected", "1 4 expected", "3 4 unlikely", "1 2 ordered",
      ])
    #expect(found[0].evidence.map(\.words) == ["declared by 1, named in the text of 3"])
  }

  @Test("folders and patterns meet the files in them; ignored files meet nothing")
  func folders() {
    let plan = plan([
      TaskSpec(id: "1", title: "", files: ["migrations/", "CLAUDE.md"]),
      TaskSpec(id: "2", title: "", files: ["migrations/001.sql", "CLAUDE.md"]),
      TaskSpec(id: "3", title: "", files: ["**/*.sql"]),
    ])
    let found = Prediction(threshold: 0.3, ignored: ["CLAUDE.md"], schedule: .levels)
      .conflicts(in: plan, .unknown)
    #expect(Set(found.map { "\($0.first) \($0.second)" }) == ["1 2", "2 3", "1 3"])
    #expect(found.allSatisfy { $0.evidence.map(\.path) == ["migrations/001.sql"] })
  }

  @Test("files that history changes together are expected together")
  func history() {
    let commits = [["a.rs", "b.rs"], ["a.rs", "b.rs"], ["a.rs", "b.rs"], ["a.rs", "c.rs"]]
    let plan = plan([
      TaskSpec(id: "1", title: "", files: ["a.rs"]), TaskSpec(id: "2", title: "", files: ["b.rs"]),
    ])
    let found = Prediction(threshold: 0.3, ignored: [], schedule: .levels)
      .conflicts(in: plan, RepositoryFiles(paths: ["a.rs", "b.rs"], commits: commits))
    #expect(found.map(\.standing) == [.expected])
    #expect(found[0].evidence.map(\.path) == ["a.rs", "b.rs"])
    #expect(found[0].evidence[0].words == "declared by 1, changes together with b.rs of 2")
  }

  @Test("keeping two tasks apart costs what the makespan grows by")
  func price() {
    let specs = ["1", "2", "3"].map {
      TaskSpec(id: TaskID($0), title: "", estimate: .seconds(60), files: $0 == "3" ? [] : ["x.rs"])
    }
    let makespan = SerializedMakespan(plan(specs), schedule: .levels, workers: 3)
    #expect(makespan.time(with: []) == 60_000_000)
    #expect(makespan.time(with: [IndexPair(0, 1)]) == 120_000_000)
  }

  @Test(
    "branches of strange ids are valid and readable",
    arguments: [
      ("5", "5"), ("a b", "a%20b"), ("a..b", "a.%2Eb"), ("-x", "%2Dx"), ("x.lock", "x%2Elock"),
      ("../etc", "%2E%2E%2Fetc"), ("über", "über"), ("a\nb", "a%0Ab"),
      ("a~^:?*[\\", "a%7E%5E%3A%3F%2A%5B%5C"),
      ("", "%"), ("'\"", "%27%22"), ("TASK-001", "TASK-001"), ("1.2", "1.2"),
      ("@{u}", "%40%7Bu%7D"),
    ])
  func refs(id: String, expected: String) {
    #expect(RefName.part(TaskID(id)) == expected)
  }
}
