import Glibc

/// The program git, called for one folder.
///
/// A call blocks its thread until git has ended. Git's own housekeeping and hooks that would change
/// what is committed are switched off; filters and merge drivers are those of the repository.
package struct Git: Sendable {
  /// The folder git works in, absolute.
  package let folder: String
  private let program: Program

  package init(folder: String, program: Program) {
    self.folder = folder
    self.program = program
  }

  /// The same for another folder.
  package func at(_ folder: String) -> Git { Git(folder: folder, program: program) }

  /// Variables that would lead git to another repository than the folder's.
  package static func isLocating(variable name: String) -> Bool {
    [
      "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
      "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX",
      "GIT_INTERNAL_SUPER_PREFIX",
      "GIT_CEILING_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_LITERAL_PATHSPECS",
      "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    ].contains(name)
  }

  /// What git needs to be called without a person at hand, beside this process's own variables.
  package static func environment(_ inherited: EnvironmentBlock) -> EnvironmentBlock {
    let own = ["LC_ALL", "LANGUAGE", "GIT_OPTIONAL_LOCKS", "GIT_TERMINAL_PROMPT", "GIT_EDITOR"]
    let entries = inherited.removing { isLocating(variable: $0) || own.contains($0) }.entries
    let added = [
      "LC_ALL=C.UTF-8", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_EDITOR=false",
    ]
    return EnvironmentBlock(entries: entries + added.map { Array($0.utf8) })
  }

  private static let settings = [
    "-c", "core.fsmonitor=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
    "-c", "core.quotePath=false", "-c", "advice.detachedHead=false", "-c", "color.ui=false",
  ]

  /// Calls git and returns whatever came of it.
  package func call(
    _ words: [String], input: [UInt8] = [], variables: [Variable] = []
  ) throws(GitError) -> Program.Result {
    do throws(PlatformError) {
      return try program.run(
        ["git", "-C", folder] + Self.settings + words, input: input, variables: variables)
    } catch {
      throw GitError(
        place: folder, problem: "git cannot be started: \(error)",
        remedy: error.code == ENOENT ? "install git 2.38 or later" : "")
    }
  }

  /// Calls git and fails when git does.
  @discardableResult
  package func run(
    _ words: String..., input: [UInt8] = [], variables: [Variable] = []
  ) throws(GitError) -> Program.Result {
    try run(words, input: input, variables: variables)
  }

  @discardableResult
  package func run(
    _ words: [String], input: [UInt8] = [], variables: [Variable] = []
  ) throws(GitError) -> Program.Result {
    let result = try call(words, input: input, variables: variables)
    if result.isSuccess { return result }
    throw error(words, result)
  }

  /// The text git prints, or nil when it fails.
  package func text(_ words: String...) throws(GitError) -> String? {
    let result = try call(words)
    return result.isSuccess ? result.text : nil
  }

  /// Calls another program in a folder, with what git gets.
  package func program(
    _ words: [String], from folder: String, input: [UInt8] = [], variables: [Variable] = []
  ) throws(GitError) -> Program.Result {
    do throws(PlatformError) {
      return try program.run(
        ["env", "-C", folder] + words, input: input, variables: variables)
    } catch {
      throw GitError(place: folder, problem: "\(words[0]) cannot be started: \(error)")
    }
  }

  /// What a call that failed says, with what to do where that is known.
  func error(_ words: [String], _ result: Program.Result) -> GitError {
    let lines = result.errorText.split(separator: "\n")
    let told = lines.first { $0.hasPrefix("fatal:") || $0.hasPrefix("error:") } ?? lines.first ?? ""
    let command = words.first { !$0.hasPrefix("-") } ?? ""
    let problem =
      told.isEmpty ? "git \(command) ended with status \(result.status)" : "git \(command): \(told)"
    return GitError(place: folder, problem: problem, remedy: Self.remedy(for: result.errorText))
  }

  private static func remedy(for words: String) -> String {
    if words.contains("No space left") { return "free some disk space" }
    if words.contains("dubious ownership") {
      return "run lanes as the repository's owner, or see git help config, safe.directory"
    }
    if words.contains("aborted by hook") {
      return "have the hook reference-transaction allow lanes its branches"
    }
    if words.contains(".lock': File exists") {
      return "if no other git is at work, remove the lock file"
    }
    return ""
  }
}

extension Program.Result {
  /// The pieces of the output that NUL characters end.
  package var fields: [ArraySlice<UInt8>] {
    var pieces = output.split(separator: 0, omittingEmptySubsequences: false)
    if pieces.last?.isEmpty == true { pieces.removeLast() }
    return pieces
  }

  /// The same as text; names that are not UTF-8 are repaired.
  package var texts: [String] { fields.map { String(decoding: $0, as: UTF8.self) } }
}
