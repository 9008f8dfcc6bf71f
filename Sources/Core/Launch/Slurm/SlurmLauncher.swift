/// Runs attempts as jobs of a Slurm cluster.
///
/// Each attempt is a batch job of the same name. The run's folder must be on a file system that every
/// node sees: there a job leaves its exit status, which counts more than what the queue says of it.
/// Nothing here waits for Slurm: another thread does, and its reports come through a descriptor.
package final class SlurmLauncher: Launcher {
  private let plan: Plan
  private let reactor: Reactor
  private let wishes: Mailbox<SlurmDriver.Wish>
  private let reports: Mailbox<LaunchReport>
  private let driver: SlurmDriver

  /// Looks for Slurm's commands in `PATH`, and starts the thread that uses them.
  ///
  /// The descriptor watched is that of `token`. Errors: a command that is missing, a run's folder that
  /// cannot be written.
  package init(
    manifest: RunManifest, runFolder: String, environment: EnvironmentBlock, reactor: Reactor,
    clock: WallClock, token: UInt64
  ) throws(SlurmError) {
    plan = manifest.plan
    self.reactor = reactor
    let options = manifest.options
    do throws(PlatformError) {
      wishes = try Mailbox()
      reports = try Mailbox()
      try reactor.watch(reports.descriptor, token: token)
    } catch { throw .platform(error) }
    driver = try SlurmDriver(
      runID: manifest.id.text, folder: SlurmFolder(path: runFolder + "/slurm"),
      commands: SlurmCommands(
        options: options.slurm, limit: options.timeout.map { $0 + options.grace }),
      environment: environment, clock: clock, wishes: wishes, reports: reports)
    try driver.start()
  }

  /// Says what is missing for this launcher.
  package static func check(_ environment: EnvironmentBlock) throws(SlurmError) {
    _ = try SlurmPrograms(environment: environment)
  }

  /// The jobs go on; only the watching ends.
  deinit {
    driver.stop()
    reactor.unwatch(reports.descriptor)
  }

  package let isCleaning = false

  package func launch(_ request: LaunchRequest) -> LaunchReport {
    if request.command.utf8.contains(0) {
      return .failed(
        request.key, message: "the command holds a NUL character; remove it", isTransient: false)
    }
    let task = plan.index(of: request.key.task).map { plan.tasks[$0] }
    wishes.post([.launch(request, task?.resources ?? TaskResources())])
    return .underway(request.key)
  }

  package func adopt(_ request: LaunchRequest, process: ProcessIdentity?) -> LaunchReport {
    wishes.post([.adopt(request, job: process?.job ?? 0)])
    return .underway(request.key)
  }

  package func send(_ signal: TaskSignal, to attempt: AttemptKey) {
    wishes.post([.send(signal, attempt)])
  }

  package func collect(_ tokens: [UInt64]) -> [LaunchReport] { reports.take() }

  /// Nothing: all reports come through the descriptor.
  package func poll() -> [LaunchReport] { [] }
}
