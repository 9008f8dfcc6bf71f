import Core
import Testing

@Suite("Hooks and notifications")
struct HooksTests {
  @Test("a hook gets what happened as variables, and none gets what it has no command for")
  func variables() throws {
    let hooks = Hooks(["task_finished": "true"])
    let at = Instant(microseconds: 0)
    let call = try #require(
      hooks.call(for: RunEvent(at: at, .taskFinished("a\0b", .skipped)), run: RunID("r")))
    #expect(call.command == "true")
    #expect(
      call.variables.map { "\($0.name)=\($0.value)" } == [
        "LANES_EVENT=task_finished", "LANES_EVENT_AT=1970-01-01T00:00:00.000000Z",
        "LANES_EVENT_RUN=r", "LANES_EVENT_TASK=ab", "LANES_EVENT_RESULT=skipped",
      ])
    #expect(hooks.call(for: RunEvent(at: at, .dispatchPaused), run: RunID("r")) == nil)
  }

  @Test("hooks are read from lanes.yml, and an unknown event is told the nearest")
  func settings() throws {
    let read = { (text: String) throws(SettingsError) in
      try Settings.resolve(project: SettingsFile(path: "lanes.yml", bytes: Array(text.utf8)))
    }
    #expect(
      try read("hooks:\n  run_finished: 'x y'\n").hooks == Hooks(["run_finished": "x y"]))
    #expect {
      _ = try read("hooks:\n  run_finishd: x\n")
    } throws: { error in
      "\(error)".contains("unknown event") && "\(error)".contains("did you mean run_finished?")
    }
  }

  @Test("the end of a run is told in the terminal's own way")
  func notifications() {
    var run = RunScenario([("1", [])])
    run.end("1")
    let words = "run r succeeded: 1 of 1 task succeeded"
    #expect(
      Notification.allCases.map { $0.text(run.state) } == [
        "", "\u{07}", "\u{1B}]9;lanes: \(words)\u{1B}\\",
        "\u{1B}]777;notify;lanes;\(words)\u{1B}\\",
      ])
  }
}
