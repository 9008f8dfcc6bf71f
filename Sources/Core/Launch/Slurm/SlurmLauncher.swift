/// Runs attempts as jobs of a Slurm cluster.
///
/// Each attempt is a batch job; those that become ready together and ask for the same are an array. The run's folder must be on a file system that every
/// node sees: there a job leaves its exit status, which counts more than what the queue says of it.
/// Nothing here waits for Slurm: another thread does, and its reports come through a descriptor.
package final class SlurmLauncher: Launcher {
  private let manifest: RunManifest
  private let reactor: Reactor
  private let wishes: Mailbox<SlurmDriver.Wish>
  private let reports: Mailbox<LaunchReport>
  private let driver: SlurmDriver
  private let clock: WallClock
  /// The attempts whose output is an agent's.
  private var agents: [AttemptKey: AgentTail] = [:]

  /// Looks for Slurm's commands in `PATH`, and starts the thread that uses them.
  ///
  /// The descriptor watched is that of `token`. Errors: a command that is missing, a run's folder that
  /// cannot be written.
  package init(
    manifest: RunManifest, runFolder: String, environment: EnvironmentBlock, reactor: Reactor,
    clock: WallClock, token: UInt64
  ) throws(SlurmError) {
    self.manifest = manifest
    self.clock = clock
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
    agents[request.key] = tail(of: request)
    wishes.post([.launch(request, resources(of: request.key.task))])
    return .underway(request.key)
  }

  private func resources(of id: TaskID) -> TaskResources {
    let (plan, options) = (manifest.plan, manifest.options)
    guard let task = plan.index(of: id).map({ plan.tasks[$0] }) else { return TaskResources() }
    return options.slurm.resources(
      of: task.resources, pool: options.crew?.pool(for: task, listTag: plan.origin.tag))
  }

  package func adopt(_ request: LaunchRequest, process: ProcessIdentity?) -> LaunchReport {
    agents[request.key] = tail(of: request)
    wishes.post([.adopt(request, job: process?.job)])
    return .underway(request.key)
  }

  package func send(_ signal: TaskSignal, to attempt: AttemptKey) {
    wishes.post([.send(signal, attempt)])
  }

  package func collect(_ tokens: [UInt64]) -> [LaunchReport] { reports.take().flatMap(heard) }

  package func reading(_ request: LaunchRequest) -> AgentReading? {
    tail(of: request)?.finish(nil)
  }

  private func tail(of request: LaunchRequest) -> AgentTail? {
    request.format.map {
      AgentTail(
        path: request.files.log, errors: request.files.errors, format: $0, clock: clock)
    }
  }

  /// A report, after what the output of an agent says by then.
  private func heard(_ report: LaunchReport) -> [LaunchReport] {
    switch report {
    case .output(let key, _):
      guard let reading = agents[key]?.poll().reading else { return [report] }
      return [.agent(key, reading)]
    case .ended(let key, let status, _):
      guard let reading = agents.removeValue(forKey: key)?.finish(status) else { return [report] }
      return [.agent(key, reading), report]
    case .launched, .adopted, .failed, .underway, .agent, .notice: return [report]
    }
  }

  /// Nothing: all reports come through the descriptor.
  package func poll() -> [LaunchReport] { [] }
}
