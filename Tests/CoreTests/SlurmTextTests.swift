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
      19_3|lanes.r.7|PENDING|None|
      20_[4-6,8%2]|lanes.r.7|PENDING|None|

      """
    #expect(
      SlurmJob.list(Array(text.utf8)) == [
        SlurmJob(id: SlurmJobID(17), name: "lanes.r.5.1", state: "RUNNING", nodes: "n2"),
        SlurmJob(
          id: SlurmJobID(18), name: "other", state: "PENDING",
          reason: "(Nodes required for job are DOWN)"),
        SlurmJob(id: SlurmJobID(19, element: 3), name: "lanes.r.7", state: "PENDING"),
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

  private func request(_ task: String, title: String = "") -> LaunchRequest {
    LaunchRequest(
      key: AttemptKey(TaskID(task), 2), command: "make 'x'", directory: "/w",
      environment: [Variable("LANES_TASK_TITLE", title)], prompt: "",
      files: .of(runFolder: "/r", task: TaskID(task), attempt: 2))
  }

  @Test("an attempt is submitted with what the task and the run ask for, and no pattern in a name")
  func submission() {
    var options = SlurmOptions()
    (options.partition, options.qos, options.options) = ("main", "low", "--nice=5 --exclusive")
    let commands = SlurmCommands(options: options, limit: .seconds(61))
    let folder = SlurmFolder(path: "/r/slurm")
    let resources = TaskResources(
      cpus: 2, memory: 512, gpus: 1, partition: "small", licenses: "db:2")
    let common = [
      "--time=3", "--partition=small", "--qos=low", "--cpus-per-task=2", "--mem=512M", "--gpus=1",
      "--licenses=db:2", "--nice=5", "--exclusive", "/r/slurm/wrapper.sh", "/r/slurm", "/r/b%/7",
    ]
    let one = commands.submit(
      [request("a/b")], jobName: "lanes.r.a%2Fb.2", resources, folder: folder, batch: "/r/b%/7")
    let alone = [
      "sbatch", "--parsable", "--no-requeue", "--export=ALL", "--chdir=/",
      "--job-name=lanes.r.a%2Fb.2", "--open-mode=append", "--output=/r/a%%2Fb.2.log",
    ]
    #expect(one == alone + common)
    let two = commands.submit(
      [request("a"), request("b")], jobName: "lanes.r.7", resources, folder: folder,
      batch: "/r/b%/7")
    let array = [
      "sbatch", "--parsable", "--no-requeue", "--export=ALL", "--chdir=/",
      "--job-name=lanes.r.7", "--open-mode=append", "--output=/r/b%%/7/%a.log", "--array=0-1",
    ]
    #expect(two == array + common)
  }

  @Test("no text of a task is anything but text in what a job's shell reads")
  func parameters() {
    let line = SlurmBatches.parameters(
      of: request("5", title: "it's '\u{301}; touch x\n$(id)\0"), runID: "r")
    let words = [
      "5.2", "/w", "/dev/null", "make 'x'", "LANES_TASK_TITLE=it's '\u{301}; touch x\n$(id)",
      "LANES_RUN_ID=r", "LANES_TASK_ID=5", "LANES_ATTEMPT=2",
    ]
    let quoted = words.map { word in
      let scalars = word.unicodeScalars.map { $0 == "'" ? #"'\''"# : String($0) }
      return "'" + scalars.joined() + "'"
    }
    #expect(line == "set -- " + quoted.joined(separator: " ") + "\n")
  }

  @Test("the numbers of jobs are read and told")
  func numbers() {
    #expect(SlurmJobID("17") == SlurmJobID(17))
    #expect(SlurmJobID("17_4") == SlurmJobID(17, element: 4))
    #expect(SlurmJobID("17_4")?.description == "17_4")
    for text in ["", "0", "x", "17_", "17_[1-2]", "17_1_2", "-1", "4294967296"] {
      #expect(SlurmJobID(text) == nil, "\(text)")
    }
  }

  @Test("what a pool stands for is added to what a task asks for")
  func pools() {
    var options = SlurmOptions()
    (options.licenses, options.partitions) = (["db=oracle:2"], ["db=big", "ui=small"])
    #expect(
      options.resources(of: TaskResources(cpus: 1), pool: "db")
        == TaskResources(cpus: 1, partition: "big", licenses: "oracle:2"))
    #expect(
      options.resources(of: TaskResources(partition: "own", licenses: "x"), pool: "db")
        == TaskResources(partition: "own", licenses: "x,oracle:2"))
    #expect(
      options.resources(of: TaskResources(), pool: "ui") == TaskResources(partition: "small"))
    #expect(options.resources(of: TaskResources(), pool: "other") == TaskResources())
  }

  @Test("the limits of an attempt count from the end of its wait in the queue")
  func limits() {
    var run = RunScenario([("1", [])]) { ($0.launcher, $0.timeout) = (.slurm, .seconds(10)) }
    run.send(.report(.underway(run.key("1"))))
    run.pass(.seconds(60))
    #expect(run.running == ["1"])
    run.send(.report(.launched(run.key("1"), ProcessIdentity(job: SlurmJobID(17)))))
    #expect(run.state.task(TaskID("1"))?.elapsed(at: run.now) == .zero)
    run.pass(.seconds(9))
    #expect(run.state.task(TaskID("1"))?.ending == nil)
    run.pass(.seconds(2))
    #expect(run.state.task(TaskID("1"))?.ending?.reason == .timeout)
  }

  @Test("a job that is lost is run again without counting, and its time is its own")
  func again() {
    var run = RunScenario([("1", [])]) { $0.launcher = .slurm }
    run.send(.report(.launched(run.key("1"), ProcessIdentity(job: SlurmJobID(17)))))
    run.send(.report(.ended(run.key("1"), nil, ResourceUsage())))
    #expect(run.key("1").attempt == 2)
    run.pass(.seconds(9))
    var usage = ResourceUsage()
    usage.wall = .seconds(2)
    run.send(.report(.launched(run.key("1"), ProcessIdentity(job: SlurmJobID(18)))))
    run.send(.report(.ended(run.key("1"), .exited(0), usage)))
    #expect(run.state.phase == .finished(.succeeded))
    #expect(run.state.worked == .seconds(2))
  }
}
