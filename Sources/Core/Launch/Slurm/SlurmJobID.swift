/// A job as Slurm names it: its number and, for one of an array, its place there, as in `17_4`.
///
/// A job of an array has a number of its own too, but that of the last one is the array's, and what is
/// done to that number is done to all.
package struct SlurmJobID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var number: UInt32
  package var element: UInt32?

  package init(_ number: UInt32, element: UInt32? = nil) {
    self.number = number
    self.element = element
  }

  /// Reads `17` or `17_4`; nil for other texts, such as that of several jobs (`17_[4-6]`), and for 0.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count <= 2, let number = UInt32(parts[0]), number > 0 else { return nil }
    self.init(number)
    guard parts.count == 2 else { return }
    guard let element = UInt32(parts[1]) else { return nil }
    self.element = element
  }

  package var description: String { element.map { "\(number)_\($0)" } ?? "\(number)" }

  package static func < (one: SlurmJobID, other: SlurmJobID) -> Bool {
    (one.number, one.element ?? 0) < (other.number, other.element ?? 0)
  }
}

extension JSONWriter {
  /// Writes a job's number, 0 when it is not known, and its place in an array.
  mutating func field(job: SlurmJobID?) {
    field("job", job?.number ?? 0)
    if let element = job?.element { field("element", element) }
  }
}

extension JSONNode {
  var job: SlurmJobID? {
    guard let number = (self["job"]?.integer).flatMap({ UInt32(exactly: $0) }), number > 0
    else { return nil }
    return SlurmJobID(number, element: (self["element"]?.integer).flatMap { UInt32(exactly: $0) })
  }
}
