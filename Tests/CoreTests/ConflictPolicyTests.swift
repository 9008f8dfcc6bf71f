import Core
import Testing

@Suite("What a plan says of tasks that will probably conflict")
struct ConflictPolicyTests {
  private let plan = Plan(
    origin: Plan.Origin(file: "tasks.json"),
    tasks: [("1", 60), ("2", 90), ("3", 60)].map { id, seconds in
      TaskSpec(id: TaskID(id), title: "", estimate: .seconds(seconds))
    })
  private let pair = PredictedConflict(
    first: "1", second: "2", probability: 0.8, evidence: [])

  @Test(
    "each policy says what happens to a pair, and what that takes",
    arguments: [
      (
        .serialize, "one after the other, which costs 1:00",
        "Kept apart, -j 3 takes 2:30 instead of 1:30"
      ),
      (
        .speculate, "at the same time, which wins 1:00, or costs 30.0 s if one is rolled back",
        "At the same time, -j 3 takes 1:30 instead of 2:30, and 3:00 if none of them merges"
      ),
      (.warn, "at the same time", "At the same time, -j 3 takes 1:30; kept apart, 2:30"),
    ] as [(GitOptions.PredictedPolicy, String, String)])
  func lines(policy: GitOptions.PredictedPolicy, fate: String, whole: String) {
    var report = PlanReport(plan, jobs: 3)
    report.note([pair], .levels, policy)
    #expect(
      report.conflictLines() == [
        "", "Predicted conflicts:", "  ⚠️  1 × 2  80%: \(fate)", "  \(whole)",
      ])
  }

  @Test("what is rolled back is done again alone, and a pair waits where others could use the slot")
  func rolledBack() {
    let makespan = SerializedMakespan(plan, schedule: .levels, workers: 3)
    let all = [IndexPair(0, 1), IndexPair(0, 2), IndexPair(1, 2)]
    #expect(makespan.time(with: [], rollingBack: [IndexPair(0, 1)]) == 180_000_000)
    // 60 s for the first, done at the same time as the third; then these, one after the other.
    #expect(makespan.time(with: [], rollingBack: all) == 240_000_000)
    let narrow = SerializedMakespan(plan, schedule: .levels, workers: 2)
    #expect(narrow.time(with: [], rollingBack: [IndexPair(0, 2)]) == 120_000_000)
  }
}
