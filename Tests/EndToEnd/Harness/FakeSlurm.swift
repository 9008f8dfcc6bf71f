import Glibc
import Testing

/// Slurm's commands as scripts in a sandbox that start each job at once on this machine.
///
/// They keep the jobs in a folder `queue`: the file `ID.name` with a job's name, `ID.pid` with its
/// process, and `ID.state` where a test says so; `ID` is like `3_1` for one of an array. A file `away` there keeps them from answering.
struct FakeSlurm {
  let sandbox: Sandbox

  init(_ sandbox: Sandbox) throws {
    self.sandbox = sandbox
    for folder in ["bin", "queue"] { try #require(mkdir("\(sandbox.path)/\(folder)", 0o755) == 0) }
    for (name, script) in Self.scripts {
      try sandbox.write(Self.head + script, to: "bin/\(name)", mode: 0o755)
    }
  }

  var environment: [String: String] { ["PATH": "\(sandbox.path)/bin:/usr/bin:/bin"] }

  func start(_ arguments: String...) async throws -> LanesProcess {
    try await sandbox.start(
      arguments + ["--launcher", "slurm", "--output", "json"], environment: environment)
  }

  func resume() async throws -> LanesProcess {
    try await sandbox.start(["resume", "--output", "json"], environment: environment)
  }

  /// The names of all jobs there ever were.
  var names: [String] {
    sandbox.names(in: "queue").filter { $0.hasSuffix(".name") }
      .map { sandbox.text("queue/\($0)").split(separator: "\n").first.map(String.init) ?? "" }
  }

  /// How often a command was called.
  func calls(of command: String) -> Int {
    sandbox.lines("queue/calls").count { $0.hasPrefix(command + " ") }
  }

  func pid(ofJob job: Int) -> Int32 {
    Int32(sandbox.text("queue/\(job).pid").split(separator: "\n").first ?? "") ?? 0
  }

  private static let head = """
    #!/bin/sh
    queue=$(dirname "$0")/../queue
    if test -e "$queue/away"; then
      echo "error: Unable to contact slurm controller (connect failure)" >&2
      exit 1
    fi
    echo "${0##*/} $*" >>"$queue/calls"

    """

  private static let scripts = [
    "sbatch": #"""
    name= out=/dev/null last=
    while :; do
      case $1 in
      --job-name=*) name=${1#*=} ;;
      --output=*) out=${1#*=} ;;
      --array=*) last=${1##*-} ;;
      --partition=nope) echo "sbatch: error: invalid partition specified: nope" >&2; exit 1 ;;
      --*) ;;
      *) break ;;
      esac
      shift
    done
    id=1
    until mkdir "$queue/$id.job" 2>/dev/null; do id=$((id + 1)); done
    start() { # JOB OUTPUT SCRIPT...
      echo "$name" >"$queue/$1.name"
      job=$1 out=$2
      shift 2
      SLURM_JOB_ID=$id setsid sh "$@" </dev/null >>"$out" 2>&1 &
      echo $! >"$queue/$job.pid"
    }
    if test -z "$last"; then
      start "$id" "$out" "$@"
    else
      pattern=$out
      for element in $(seq 0 "$last"); do
        export SLURM_ARRAY_JOB_ID="$id" SLURM_ARRAY_TASK_ID="$element"
        start "${id}_$element" "${pattern%\%a.log}$element.log" "$@"
      done
    fi
    echo $id
    """#,
    "squeue": #"""
    for file in "$queue"/*.name; do
      test -e "$file" || continue
      id=${file##*/}
      id=${id%.name}
      state=COMPLETED
      kill -0 "$(cat "$queue/$id.pid")" 2>/dev/null && state=RUNNING
      test -e "$queue/$id.state" && state=$(cat "$queue/$id.state")
      echo "$id|$(cat "$file")|$state|None|n1"
    done
    """#,
    "scancel": #"""
    signal=TERM
    for word; do
      case $word in
      --signal=*) signal=${word#*=} ;;
      --*) ;;
      *) kill -s "$signal" -- "-$(cat "$queue/$word.pid")" ;;
      esac
    done
    """#,
    "scontrol": #"""
    test -e "$queue/refuse" && exit 1
    for job in $(echo "$2" | tr , ' '); do
      case $1 in
      suspend) kill -s STOP -- "-$(cat "$queue/$job.pid")" ;;
      resume) kill -s CONT -- "-$(cat "$queue/$job.pid")" ;;
      esac
    done
    """#,
  ]
}
