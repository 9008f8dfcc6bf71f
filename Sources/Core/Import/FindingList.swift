/// Findings up to a number that a person could still look at; the rest are only counted.
struct FindingList {
  private(set) var findings: [Finding] = []
  private var omitted = 0

  /// The most findings kept, so that a hostile file cannot fill the memory with them.
  static let limit = 10_000

  /// Adds a finding, or counts it when there are too many.
  mutating func append(_ finding: Finding) {
    if hasRoom() { findings.append(finding) }
  }

  /// Whether one more is kept; when not, it is counted and need not be made.
  mutating func hasRoom() -> Bool {
    if findings.count < Self.limit { return true }
    omitted += 1
    return false
  }

  /// Adds another list's findings and what it left out.
  mutating func append(contentsOf other: FindingList) {
    let room = Self.limit - findings.count
    findings += other.findings.prefix(room)
    omitted += other.omitted + max(0, other.findings.count - room)
  }

  /// The findings in the order of the file, and last a word on those left out.
  func sorted() -> [Finding] {
    let sorted = findings.sorted { left, right in
      (left.place?.file ?? "", left.place?.line ?? 0, left.place?.column ?? 0)
        < (right.place?.file ?? "", right.place?.line ?? 0, right.place?.column ?? 0)
    }
    if omitted == 0 { return sorted }
    return sorted + [
      Finding(
        .warning, .malformed, problem: "\(omitted) more findings are not listed",
        remedy: "correct the listed ones first")
    ]
  }
}
