/// Makes processes of attempts and tells what becomes of them.
///
/// A launcher belongs to the executor's thread: every member is called there and none may block.
/// What happens later is learnt by `collect`, which the executor calls when a descriptor the
/// launcher watches is ready, and by `poll`, which it calls every so often while anything runs.
package protocol Launcher: AnyObject {
  /// Starts an attempt; the answer is `.launched`, `.failed`, or `.underway` when one of them follows.
  func launch(_ request: LaunchRequest) -> LaunchReport

  /// Watches again the process of an attempt that an earlier runner launched.
  ///
  /// `process` is what the journal knows, or nil when the earlier runner died before it could note
  /// it; then the process is looked for. The answer is `.adopted`, `.ended` when it is over (with
  /// the status it left), `.failed` when it never began, or `.underway` when one of them follows.
  func adopt(_ request: LaunchRequest, process: ProcessIdentity?) -> LaunchReport

  /// Sends one signal to all processes of an attempt; does nothing when it has none.
  func send(_ signal: TaskSignal, to attempt: AttemptKey)

  /// The reports that became due with the ready descriptors of these tokens.
  func collect(_ tokens: [UInt64]) -> [LaunchReport]

  /// Looks at the output of running attempts and at processes that outlived theirs.
  func poll() -> [LaunchReport]

  /// What the output of an attempt's agent says by now, read from the beginning; nil when it is not read.
  func reading(_ request: LaunchRequest) -> AgentReading?

  /// Whether processes of attempts that ended are still being removed.
  var isCleaning: Bool { get }
}

/// All that is needed to start one attempt.
package struct LaunchRequest: Equatable, Sendable {
  package var key: AttemptKey
  /// A command as a shell reads it: the user's, never made of the task list's text.
  package var command: String
  /// The working directory, absolute.
  package var directory: String
  /// Variables set for the task beside the inherited ones, each name once.
  package var environment: [Variable]
  package var prompt: String
  package var files: AttemptFiles
  /// How the output is read; nil for one that only states progress.
  package var format: AgentFormat?
  /// What the task can read about the attempt before; empty for nothing.
  package var feedback = ""

  package init(
    key: AttemptKey, command: String, directory: String, environment: [Variable],
    prompt: String, files: AttemptFiles
  ) {
    self.key = key
    self.command = command
    self.directory = directory
    self.environment = environment
    self.prompt = prompt
    self.files = files
  }
}

/// A variable of a process.
package struct Variable: Equatable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension [Variable] {
  /// Gives a variable a value, whether it is there already or not.
  mutating func set(_ name: String, _ value: String) {
    guard let place = firstIndex(where: { $0.name == name }) else {
      return append(Variable(name, value))
    }
    // Mostly it is the same, and a change may copy all of them.
    if self[place].value != value { self[place].value = value }
  }
}

/// The files of one attempt, absolute paths in the run's folder.
package struct AttemptFiles: Equatable, Sendable {
  /// Standard output and error.
  package var log: String
  /// How attempts ended, each in a record named like its log.
  ///
  /// All attempts of a run may share it.
  package var exit: String
  /// The prompt, also the standard input.
  package var prompt: String
  /// Standard error, where the output is read by a program.
  package var errors: String { log + ".errors" }
  /// What the task can read about the attempt before.
  package var feedback: String { log + ".feedback" }

  package init(log: String, exit: String, prompt: String) {
    self.log = log
    self.exit = exit
    self.prompt = prompt
  }
}

/// What a launcher tells of an attempt.
package enum LaunchReport: Equatable, Sendable {
  case launched(AttemptKey, ProcessIdentity)
  case adopted(AttemptKey, ProcessIdentity)
  /// No process was made. `isTransient`: the machine is short of something, so trying again may help.
  case failed(AttemptKey, message: String, isTransient: Bool)
  /// It is not known yet whether there is a process: it waits in a queue, say.
  case underway(AttemptKey)
  /// `status` is nil when the process is gone and left no status.
  case ended(AttemptKey, ExitStatus?, ResourceUsage)
  /// There is new output; `progress` is the newest the task stated since the last report, if any.
  case output(AttemptKey, progress: Progress?)
  /// What the agent's output says by now; before its `ended` comes the last word.
  case agent(AttemptKey, AgentReading)
  /// Something the user should know; `code` is a word for programs.
  case notice(AttemptKey?, code: String, message: String)
}

/// How a process ended, as `wait` tells it.
package enum ExitStatus: Equatable, Sendable {
  case exited(Int32)
  case signaled(Int32)
}

/// The signals a run sends to tasks.
package enum TaskSignal: String, Equatable, Sendable, CaseIterable {
  case interrupt
  case terminate
  case kill
  case pause
  case proceed
}
