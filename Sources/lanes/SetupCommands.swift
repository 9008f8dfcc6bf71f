import Core
import Glibc
import TUI

/// `lanes init`, `doctor`, `config`, `completions`, `man`, `version` and `help`.
enum SetupCommands {
  static func initialize(_ call: Call) throws -> ExitStatus {
    let path = call.project.directory + "/lanes.yml"
    let mode = call.invocation.has("force") ? O_TRUNC : O_EXCL
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0o644)
    guard file >= 0 else {
      throw Failure(
        .usage,
        errno == EEXIST
          ? "lanes init: lanes.yml is there already; --force replaces it"
          : "lanes init: \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    var text = Template.text
    let written = text.withUTF8 { write(file, $0.baseAddress, $0.count) }
    guard written == text.utf8.count else {
      throw Failure(.usage, "lanes init: \(path) could not be written whole; free some space")
    }
    call.console.out("wrote \(path)")
    return .done
  }

  static func config(_ call: Call) throws -> ExitStatus {
    let settings = try call.settings()
    if call.invocation.flags["format"] == "json" {
      call.console.out(bytes: settings.json)
    } else {
      call.console.write(settings.text)
    }
    return .done
  }

  static func doctor(_ call: Call) throws -> ExitStatus {
    let checks = Doctor.checks(DoctorFacts.gathered(for: call))
    call.console.write(Doctor.text(checks))
    return checks.contains { $0.state == .problem } ? .taskFailed : .done
  }

  static func version(_ call: Call) -> ExitStatus {
    call.console.out("lanes \(Version.text)")
    return .done
  }

  static func completions(_ call: Call) throws -> ExitStatus {
    let word = call.invocation.operands[0]
    guard let shell = Completions(rawValue: word) else {
      let words = Completions.allCases.map(\.rawValue)
      throw Failure(
        .usage,
        "lanes completions: \(quoted(word)) is no shell that is known; "
          + (nearest(word, among: words).map { "did you mean \($0)?" }
            ?? "there are \(words.joined(separator: ", "))"))
    }
    call.console.write(shell.text)
    return .done
  }

  static func man(_ call: Call) -> ExitStatus {
    call.console.write(ManualPage.text(version: Version.text))
    return .done
  }

  static func help(_ call: Call) -> ExitStatus {
    let command = call.invocation.operands.first.flatMap(Command.init(rawValue:))
    call.console.write(command.map(Help.text(for:)) ?? Help.overview)
    return .done
  }
}

extension DoctorFacts {
  /// What this machine and this folder are like.
  static func gathered(for call: Call) -> DoctorFacts {
    let (project, environment) = (call.project, call.project.environment)
    var facts = DoctorFacts()
    facts.version = Version.text
    facts.sqlite = SQLite.libraryVersion
    facts.yaml = YAML.libraryVersion
    facts.ncurses = TerminalProbe.libraryVersion
    facts.git = Tool.output(["git", "--version"])
    facts.isInRepository = Tool.output(["git", "rev-parse", "--git-dir"]) != nil
    if facts.isInRepository, facts.git != nil {
      facts.noteWorktrees(project.directory)
    }
    facts.gitName = Tool.output(["git", "config", "user.name"])
    facts.gitEmail = Tool.output(["git", "config", "user.email"])
    facts.hasShell = access("/bin/sh", X_OK) == 0
    facts.terminal = environment["TERM"]
    facts.isTerminal = isatty(STDOUT_FILENO) != 0
    facts.colors = environment["TERM"].flatMap(TerminalProbe.colors(ofTerminal:))
    facts.isUTF8 = isUTF8(environment)
    facts.directory = project.directory
    facts.isWritable = access(project.directory, W_OK) == 0
    facts.runner = RunLock.holder(in: project.folder)?.front
    facts.freeBytes = freeBytes(project.directory)
    facts.notePlan(call)
    return facts
  }

  private mutating func noteWorktrees(_ folder: String) {
    let preflight = GitPreflight(folder: folder, environment: EnvironmentBlock.inherited())
    do throws(GitError) { _ = try preflight.repository(base: nil) } catch {
      worktreeProblem = error
    }
  }

  private mutating func notePlan(_ call: Call) {
    taskFile = try? PlanSource.locate(directory: call.project.directory)
    let settings: Settings
    do { settings = try call.settings() } catch {
      settingsProblem = "\(error)"
      return
    }
    if settings.launcher == .slurm {
      usesSlurm = true
      slurm = Tool.output(["sbatch", "--version"])
      slurmAnswers = slurm != nil && Tool.output(["squeue", "--noheader", "--me"]) != nil
    }
    if taskFile == nil { return }
    do { _ = try call.plan(settings) } catch { taskFileProblem = "\(error)" }
  }

  private static func isUTF8(_ environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    return locale?.uppercased().replacing("-", with: "").hasSuffix("UTF8") ?? false
  }

  private static func freeBytes(_ path: String) -> Int64? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return Int64(clamping: status.f_bavail) * Int64(clamping: status.f_frsize)
  }
}
