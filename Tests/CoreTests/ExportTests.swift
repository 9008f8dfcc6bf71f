import Core
import Testing

@Suite("Plans for other programs")
struct ExportTests {
  private let hostile = "it's $HOME `id` \"q\" \\ {{workflow.name}} #\n'; touch bad; '"

  private func exported(
    _ target: ExportedPlan.Target, _ change: (inout RunOptions) -> Void = { _ in }
  ) -> String {
    var text = TaskText()
    text.description = hostile
    let plan = Plan(
      origin: Plan.Origin(file: "tasks.json"),
      tasks: [
        TaskSpec(id: "1", title: hostile, text: text),
        TaskSpec(id: "A_b", title: "two", dependencies: ["1"], command: "make {{x}}"),
        TaskSpec(id: "a-B", title: "three"),
      ])
    var options = RunOptions()
    options.command = "true"
    options.environment = ["MODE": "x", "API_TOKEN": "secret", "no name": "y"]
    change(&options)
    return ExportedPlan(plan, options: options, directory: "/work dir").text(for: target)
  }

  @Test("secrets and names that are none stay out", arguments: ExportedPlan.Target.allCases)
  func secrets(target: ExportedPlan.Target) {
    let text = exported(target)
    #expect(!text.contains("secret") && !text.contains("no name"))
    #expect(text.contains("MODE"))
  }

  @Test("levels wait for the whole level before, dataflow for its own dependencies")
  func needs() {
    #expect(exported(.make).contains("\nlanes-done/2: lanes-done/1 lanes-done/3\n"))
    #expect(exported(.make) { $0.schedule = .dataflow }.contains("\nlanes-done/2: lanes-done/1\n"))
    #expect(exported(.ninja).contains("build lanes-done/2: task | lanes-done/1 lanes-done/3\n"))
    #expect(exported(.slurm).contains("\"--dependency=afterok:${job1%%;*}:${job3%%;*}\""))
    #expect(exported(.argo).contains("dependencies: [task-1, task-a-b-n3]"))
  }

  @Test("an Argo workflow has no text that Argo would fill in, and no name twice")
  func argo() {
    let text = exported(.argo) {
      $0.attempts = 3
      $0.timeout = .seconds(90)
      $0.jobs = 7
    }
    #expect(!text.contains("{{"))
    #expect(text.contains("  parallelism: 7\n"))
    #expect(text.contains("    - name: task-a-b\n"))
    #expect(text.contains("    - name: task-a-b-n3\n"))
    #expect(text.contains("        limit: \"2\"\n"))
    #expect(text.contains("      activeDeadlineSeconds: 90\n"))
  }

  @Test("time limits and retries become those of the shell and of Slurm")
  func limits() {
    let text = exported(.slurm) {
      $0.attempts = 2
      $0.timeout = .seconds(90)
    }
    #expect(text.contains("--time=4 "))
    #expect(text.contains("until timeout 90 sh -c 'true' < \"$LANES_PROMPT_FILE\"; do"))
  }
}
