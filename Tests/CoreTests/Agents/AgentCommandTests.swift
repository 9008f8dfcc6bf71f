import Core
import Testing

@Suite("Agent profiles, routes and prompts")
struct AgentCommandTests {
  @Test(
    "presets stand for the commands that make programs work by themselves",
    arguments: [
      (
        AgentProfile(name: "a", preset: .claude, model: "haiku"),
        "env -u CLAUDECODE claude -p --output-format stream-json --verbose"
          + " --permission-mode acceptEdits --model haiku"
      ),
      (
        AgentProfile(name: "a", preset: .codex, model: "o'x", arguments: "-c a=b"),
        #"codex exec --json --skip-git-repo-check --sandbox workspace-write -m 'o'\''x' -c a=b -"#
      ),
      (
        AgentProfile(name: "a", preset: .gemini, program: "bin/gem ini"),
        "'bin/gem ini' -o stream-json --approval-mode auto_edit"
      ),
    ])
  func presets(profile: AgentProfile, command: String) {
    #expect(profile.commandText() == "{\n\(command)\n} 2>>\"$LANES_ERROR_FILE\"")
  }

  @Test("a command of the user's stays as it is, unless its output is read")
  func commands() {
    #expect(AgentProfile(name: "a", command: "make x").commandText() == "make x")
    let read = AgentProfile(name: "a", command: "own", format: .codex)
    #expect(read.commandText() == "{\nown\n} 2>>\"$LANES_ERROR_FILE\"")
    #expect(read.account == "codex")
    #expect(AgentProfile(name: "a", command: "make x").account == nil)
  }

  @Test("the first route that fits decides about agent and pool, each for itself")
  func routes() {
    var options = CrewOptions()
    options.ladder = ["fast", "fast", "strong"]
    options.routes = [
      Route(match: .init(worker: "Frontend"), pool: "ui"),
      Route(match: .init(complexity: 8...10), agent: "strong"),
      Route(match: .init(priority: .low), agent: "other"),
      Route(match: .init(tag: "docs"), ladder: ["x", "y"]),
    ]
    var task = TaskSpec(id: "1", title: "")
    #expect(options.ladder(for: task, listTag: nil) == ["fast", "fast", "strong"])
    #expect(options.ladder(for: task, listTag: "Docs") == ["x", "y"])
    task.worker = "frontend"
    task.complexity = 9
    #expect(options.pool(for: task, listTag: nil) == "ui")
    #expect(options.ladder(for: task, listTag: nil) == ["strong"])
    task.complexity = 3
    task.priority = .low
    #expect(options.ladder(for: task, listTag: nil) == ["other"])
    task.command = "make"
    #expect(options.ladder(for: task, listTag: nil) == [])
  }

  @Test("a template puts parts in once, and nothing in them stands for another part")
  func templates() throws {
    let template = try PromptTemplate("Do {{ title }} ({{id}}).\n{{details}}{{feedback}}!")
    var task = TaskSpec(id: "7", title: "{{id}} $(rm -rf /)")
    task.text.details = "{{title}}"
    let text = template.text { Prompt.part($0, of: task, Prompt.Context()) }
    #expect(text == "Do {{id}} $(rm -rf /) (7).\n{{title}}!")
  }

  @Test(
    "a template that names what there is not says where",
    arguments: [
      ("a\n{{titel}}", #"line 2: unknown part "titel"; did you mean title?"#),
      ("{{title", "line 1: {{ is never closed; write }} behind the name"),
    ])
  func badTemplates(text: String, words: String) {
    #expect(throws: PromptTemplateError.self) { try PromptTemplate(text) }
    do { _ = try PromptTemplate(text) } catch { #expect("\(error)" == words) }
  }

  @Test("a prompt tells what was done before and why the last attempt was refused")
  func prompt() {
    var context = Prompt.Context()
    context.attempt = 2
    context.delivered = ["1 Schema: eight tables"]
    context.feedback = "tests failed"
    let text = Prompt.text(for: TaskSpec(id: "2", title: "API"), context)
    #expect(
      text == """
        # Task 2: API

        ## Done before

        - 1 Schema: eight tables

        ## Attempt 1 was not accepted

        tests failed

        Keep what is right, and put this right.

        """)
  }
}
