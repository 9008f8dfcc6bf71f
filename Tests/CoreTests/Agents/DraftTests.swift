import Core
import Testing

@Suite("Drafts of task lists")
struct DraftTests {
  @Test("the list is found between other words")
  func found() {
    let answer = """
      Here it is:
      ```json
      {"master": {"tasks": [{"id": 1, "title": "A", "status": "pending", "dependencies": []},
        {"id": 2, "title": "B", "status": "pending", "dependencies": [1]}]}}
      ```
      """
    guard case .usable(let list, let plan) = Draft.check(answer) else {
      Issue.record("not usable")
      return
    }
    #expect(plan.graph.levels == [[0], [1]])
    #expect(list.first == UInt8(ascii: "{"))
    #expect(list.suffix(2) == [UInt8(ascii: "}"), UInt8(ascii: "\n")])
  }

  @Test(
    "what cannot run goes back with the reasons",
    arguments: [
      ("I cannot do that.", "no JSON object"), (#"{"tasks": []}"#, "no task"),
      (#"{"tasks": [{"id": 1, "dependencies": [2]}, {"id": 2, "dependencies": [1]}]}"#, "1 → 2"),
      (#"{"tasks": [{"id": 1, "title": "A", "dependencies": [7]}]}"#, "7"),
      (#"{"tasks": [{"id": 1, "#, "no JSON object"),
    ])
  func refused(answer: String, words: String) {
    guard case .refused(let lines) = Draft.check(answer) else {
      Issue.record("usable")
      return
    }
    #expect(lines.joined(separator: "\n").contains(words), "\(lines)")
  }

  @Test("the findings are part of the next prompt")
  func prompt() {
    #expect(!Draft.prompt(for: "A shop").contains("wrong"))
    #expect(Draft.prompt(for: "A shop", findings: ["a cycle"]).contains("- a cycle\n"))
  }
}
