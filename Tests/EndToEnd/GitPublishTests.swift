import Core
import Glibc
import Testing

/// Pull requests through a `gh` that takes its arguments as the real one does.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct GitPublishTests {
  /// Knows `gh pr create` with the flags of its manual, that take a value each, and refuses a second
  /// request for a branch in the words of gh.
  private static let gh = #"""
    #!/bin/bash
    test "$1 $2" = "pr create" || { echo "unknown command \"$1\" for \"gh\"" >&2; exit 1; }
    shift 2
    base=main
    while test $# -gt 0; do
      case $1 in
        -H|--head) head=$2 ;; -B|--base) base=$2 ;; -t|--title) title=$2 ;;
        -F|--body-file) file=$2 ;;
        *) echo "unknown flag: $1" >&2; exit 1 ;;
      esac
      shift 2
    done
    test -n "$head" -a -n "$title" -a -n "$file" \
      || { echo "must provide \`--title\` and \`--body\` when not running interactively" >&2; exit 1; }
    test "$file" = - && body=$(cat) || body=$(cat "$file")
    git ls-remote --exit-code origin "refs/heads/$head" >/dev/null \
      || { echo "pull request create failed: Head ref must be a branch" >&2; exit 1; }
    folder=$(dirname "$0")/requests
    mkdir -p "$folder"
    number=$(($(ls "$folder" | wc -l) + 1))
    for other in "$folder"/*; do
      if test -e "$other" && grep -qxF "$head -> $base" "$other"; then
        printf 'a pull request for branch "%s" into branch "%s" already exists:\n%s\n' "$head" "$base" \
          "https://example.invalid/pull/$(basename "$other")" >&2
        exit 1
      fi
    done
    printf '%s\n' "$head -> $base" "$title" "$body" >"$folder/$number"
    test -z "$GH_KILLS" || kill -KILL $PPID
    echo "https://example.invalid/pull/$number"
    """#

  private func sandbox() throws -> (Sandbox, [String: String]) {
    let sandbox = try Sandbox([
      Sandbox.Task(id: "1", title: "One `quoted` | @everyone"),
      Sandbox.Task(id: "2", dependencies: ["1"]),
    ])
    try sandbox.makeRepository()
    try sandbox.makeFolder("../bin")
    try sandbox.write(Self.gh, to: "../bin/gh", mode: 0o755)
    try sandbox.git("init", "-q", "--bare", "../origin.git")
    try sandbox.git("remote", "add", "origin", "../origin.git")
    return (sandbox, ["PATH": sandbox.home + "/bin:/usr/local/bin:/usr/bin:/bin"])
  }

  private static let work = "echo $LANES_TASK_ID >$LANES_TASK_ID"

  @Test("each level has its request on top of the one before, with what its tasks did")
  func levels() async throws {
    let (sandbox, variables) = try sandbox()
    let run = try await sandbox.run(
      ["run", "--pull-request", "level", "--command", Self.work], environment: variables)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(run.output.contains("✅ Integration: https://example.invalid/pull/1"))
    #expect(run.output.contains("✅ Integration: https://example.invalid/pull/2"))
    let branches = try [0, 1].map { try sandbox.result(level: $0) }
    let first = sandbox.text("../bin/requests/1").split(separator: "\n").map(String.init)
    #expect(first.prefix(1) == ["\(branches[0]) -> main"])
    #expect(first[1].hasPrefix("Integration: Level 0 of run "))
    #expect(first.contains { $0.hasPrefix("| 1 One \\`quoted\\` \\| \\@everyone |") }, "\(first)")
    let second = sandbox.text("../bin/requests/2").split(separator: "\n").map(String.init)
    #expect(second.prefix(1) == ["\(branches[1]) -> \(branches[0])"])
    #expect(second.contains { $0.hasPrefix("| 2 Task 2 |") && $0.hasSuffix("| `2` |") })
  }

  @Test("at the end there is one request, and opening it again gives the same one")
  func final() async throws {
    let (sandbox, variables) = try sandbox()
    let run = try await sandbox.run(
      ["run", "--pull-request", "final", "--command", Self.work], environment: variables)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(sandbox.names(in: "../bin/requests") == ["1"])
    let again = try await sandbox.run(["integrate", "--open"], environment: variables)
    #expect(again.status == 0, "\(again.output) \(again.errors)")
    #expect(again.output.contains("https://example.invalid/pull/1"))
    #expect(sandbox.names(in: "../bin/requests") == ["1"])
  }

  @Test("a runner that dies while gh is at work is followed by one that finds the request")
  func killed() async throws {
    var (sandbox, variables) = try sandbox()
    variables["GH_KILLS"] = "1"
    let lanes = try await sandbox.run(
      ["run", "--pull-request", "final", "--command", Self.work], environment: variables)
    #expect(lanes.status == -SIGKILL)
    variables["GH_KILLS"] = nil
    let run = try await sandbox.run(["resume", "--output", "json"], environment: variables)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let published = try #require(run.events.last { $0.kind == "published" })
    #expect(published["message"] == "https://example.invalid/pull/1")
    #expect(sandbox.names(in: "../bin/requests") == ["1"])
  }

  @Test("without gh, or when it refuses, the branch is pushed and the words say what to do")
  func refused() async throws {
    var (sandbox, variables) = try sandbox()
    variables["PATH"] = "/usr/bin:/bin"
    let run = try await sandbox.run(
      ["run", "--pull-request", "final", "--command", Self.work], environment: variables)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(run.output.contains("is pushed, but no pull request was opened: gh is not installed"))
    let branch = try sandbox.result(level: 1)
    #expect(
      try sandbox.git("rev-parse", branch, in: "../origin.git")
        == (try sandbox.git("rev-parse", branch)))
  }
}
