import Core
import Glibc

@main
struct Main {
  static func main() {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGCHLD)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    Task.detached { await go() }
    while true { pause() }
  }
  static func go() async {
    do {
      let project = try Project(directory: nil, environment: [:])
      let session = RunSession(
        project: project, console: Console(),
        form: CommandLine.arguments.contains("json")
          ? .json : CommandLine.arguments.contains("quiet") ? .quiet : .plain)
      let args = CommandLine.arguments
      if args[1] == "resume" {
        let status = try await session.resume(nil, retryingFailed: true)
        exit(status.rawValue)
      }
      let plan = try PlanSource.read(
        file: args[2], directory: project.directory, tag: nil, granularity: .task)
      var options = RunOptions()
      if let i = args.firstIndex(of: "-j") { options.jobs = Int(args[i + 1]) ?? 4 }
      if args.contains("dataflow") { options.schedule = .dataflow }
      options.writesStatus = false
      let status = try await session.start(plan, options)
      exit(status.rawValue)
    } catch {
      print("error", error)
      exit(2)
    }
  }
}
