import Core
import Testing

/// What Slurm's commands print, and what they are told.
struct SlurmTextTests {
  @Test("the list of jobs is read, and what is no job is passed over")
  func list() {
    let text = """
      squeue: warning: something
      17|lanes.r.5.1|RUNNING|None|n2
      18|other|PENDING|(Nodes required for job are DOWN)|
      19_3|array|PENDING|None|

      """
    #expect(
      SlurmJob.list(Array(text.utf8)) == [
        SlurmJob(id: 17, name: "lanes.r.5.1", state: "RUNNING", nodes: "n2"),
        SlurmJob(
          id: 18, name: "other", state: "PENDING", reason: "(Nodes required for job are DOWN)"),
      ])
  }

  @Test(
    "the number of a new job is read", arguments: [("17\n", 17), ("17;c\n", 17), ("w\n8\n", 8)])
  func number(text: String, job: UInt32) {
    #expect(SlurmAnswer(status: 0, text: Array(text.utf8)).job == job)
    #expect(SlurmAnswer(status: 1, text: Array(text.utf8)).job == nil)
  }

  @Test(
    "an absent controller is told from a refusal",
    arguments: [
      ("sbatch: error: Batch job submission failed: Unable to contact slurm controller", true),
      ("slurm_load_jobs error: Socket timed out on send/recv operation", true),
      ("sbatch: error: invalid partition specified: nope", false),
    ])
  func transience(text: String, isTransient: Bool) {
    #expect(SlurmAnswer(status: 1, text: Array(text.utf8)).isTransient == isTransient)
    #expect(SlurmAnswer(status: nil, text: []).isTransient)
  }

  @Test(
    "memory is read",
    arguments: [("512", 512), ("512M", 512), ("4G", 4096), ("4GiB", 4096), ("1tb", 1_048_576)])
  func memory(text: String, mebibytes: Int) {
    #expect(TaskResources.mebibytes(text) == mebibytes)
  }

  @Test("other texts are no memory", arguments: ["", "G", "0", "-1", "4X", "9223372036854775807G"])
  func noMemory(text: String) {
    #expect(TaskResources.mebibytes(text) == nil)
  }

  @Test("what a shell left of an attempt is read")
  func exit() throws {
    let exit = try #require(
      SlurmFolder.exit(Array("3\n0m0.010s 0m0.020s\n1m1.500s 0m0.250s\n".utf8)))
    #expect(exit.status == .exited(3))
    #expect(exit.usage == ResourceUsage(cpu: .milliseconds(61_750)))
    #expect(SlurmFolder.exit([]) == nil)
  }

  @Test("an attempt is submitted with what the task and the run ask for, and no pattern in a name")
  func submission() {
    var options = SlurmOptions()
    (options.partition, options.qos, options.options) = ("main", "low", "--nice=5 --exclusive")
    let commands = SlurmCommands(options: options, limit: .seconds(61))
    let request = LaunchRequest(
      key: AttemptKey(TaskID("a/b"), 2), command: "make 'x'", directory: "/w", environment: [],
      prompt: "",
      files: .of(runFolder: "/r", task: TaskID("a/b"), attempt: 2))
    let words = commands.submit(
      request, jobName: "lanes.r.a%2Fb.2",
      TaskResources(cpus: 2, memory: 512, gpus: 1, partition: "small"),
      folder: SlurmFolder(path: "/r/slurm"))
    #expect(
      words == [
        "sbatch", "--parsable", "--no-requeue", "--export=ALL", "--chdir=/",
        "--job-name=lanes.r.a%2Fb.2", "--open-mode=append", "--output=/r/a%%2Fb.2.log", "--time=3",
        "--partition=small", "--qos=low", "--cpus-per-task=2", "--mem=512M", "--gpus=1",
        "--nice=5", "--exclusive", "/r/slurm/wrapper.sh", "/r/slurm", "a%2Fb.2", "/w", "/dev/null",
        "make 'x'",
      ])
  }

  @Test("the limits of an attempt count from the end of its wait in the queue")
  func limits() {
    var run = RunScenario([("1", [])]) { ($0.launcher, $0.timeout) = (.slurm, .seconds(10)) }
    run.send(.report(.underway(run.key("1"))))
    run.pass(.seconds(60))
    #expect(run.running == ["1"])
    run.send(.report(.launched(run.key("1"), ProcessIdentity(job: 17))))
    #expect(run.state.task(TaskID("1"))?.elapsed(at: run.now) == .zero)
    run.pass(.seconds(9))
    #expect(run.state.task(TaskID("1"))?.ending == nil)
    run.pass(.seconds(2))
    #expect(run.state.task(TaskID("1"))?.ending?.reason == .timeout)
  }

  @Test("a job that is lost is run again without counting, and its time is its own")
  func again() {
    var run = RunScenario([("1", [])]) { $0.launcher = .slurm }
    run.send(.report(.launched(run.key("1"), ProcessIdentity(job: 17))))
    run.send(.report(.ended(run.key("1"), nil, ResourceUsage())))
    #expect(run.key("1").attempt == 2)
    run.pass(.seconds(9))
    var usage = ResourceUsage()
    usage.wall = .seconds(2)
    run.send(.report(.launched(run.key("1"), ProcessIdentity(job: 18))))
    run.send(.report(.ended(run.key("1"), .exited(0), usage)))
    #expect(run.state.phase == .finished(.succeeded))
    #expect(run.state.worked == .seconds(2))
  }
}
