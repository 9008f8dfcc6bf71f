import Glibc

/// What a command of Slurm's was started for.
enum SlurmErrand {
  case poll(Int)
  case submission([AttemptKey])
  case control([SlurmQueue.Order])

  var isPoll: Bool { if case .poll = self { true } else { false } }
  var isSubmission: Bool { if case .submission = self { true } else { false } }
  var isControl: Bool { if case .control = self { true } else { false } }
}

extension LaunchRequest {
  /// Writes the prompt and makes the log, by which the attempt is known whatever happens to the
  /// journal.
  func prepareFiles() throws(PlatformError) {
    if !prompt.isEmpty { try SmallFile.write(prompt, to: files.prompt) }
    let log = open(files.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard log >= 0 else { throw PlatformError(files.log) }
    close(log)
  }
}

extension AttemptFiles {
  /// What the attempt is called among the run's: the name of its log without the ending.
  var attempt: String {
    let name = name
    return name.hasSuffix(".log") ? String(name.dropLast(4)) : name
  }
}
