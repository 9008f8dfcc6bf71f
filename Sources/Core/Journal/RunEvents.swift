/// The events of one run, read from the journal a part at a time.
///
/// Rows that no event can be made of are passed over.
package struct RunEvents: Sequence, IteratorProtocol {
  private let journal: Journal
  private let run: String
  private var rows: ArraySlice<JournalRow> = []
  private var last: Int64 = 0
  private var isAtEnd = false

  private static var partSize: Int { 1000 }

  /// Finds the run; later errors of the journal end the sequence.
  package init(_ journal: Journal, run: String) throws(JournalError) {
    self.journal = journal
    self.run = run
    try fill()
  }

  package mutating func next() -> RunEvent? {
    while true {
      if rows.isEmpty, !isAtEnd { try? fill() }
      guard let row = rows.popFirst() else { return nil }
      if let event = RunEvent(row: row) { return event }
    }
  }

  private mutating func fill() throws(JournalError) {
    isAtEnd = true
    let new = try journal.rows(run: run, after: last, limit: Self.partSize)
    rows = new[...]
    last = new.last?.sequence ?? last
    isAtEnd = new.count < Self.partSize
  }
}
