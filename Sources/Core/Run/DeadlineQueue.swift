/// Things that come due at a moment, soonest first; equal moments keep their order.
package struct DeadlineQueue<Element: Sendable>: Sendable {
  private var heap: [(at: Instant, order: UInt64, element: Element)] = []
  private var order: UInt64 = 0

  package init() {}

  /// The moment of the first one.
  ///
  /// Cost: O(1).
  package var next: Instant? { heap.first?.at }

  /// Cost: O(log n).
  package mutating func add(_ element: Element, at instant: Instant) {
    heap.append((instant, order, element))
    order += 1
    var place = heap.count - 1
    while place > 0, isBefore(place, (place - 1) / 2) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Takes the first one out when it is due at `now`.
  ///
  /// Cost: O(log n).
  package mutating func popDue(at now: Instant) -> Element? {
    guard let first = heap.first, first.at <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    sink()
    return first.element
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    let (one, two) = (heap[left], heap[right])
    return one.at == two.at ? one.order < two.order : one.at < two.at
  }

  private mutating func sink() {
    var place = 0
    while 2 * place + 1 < heap.count {
      var child = 2 * place + 1
      if child + 1 < heap.count, isBefore(child + 1, child) { child += 1 }
      guard isBefore(child, place) else { return }
      heap.swapAt(place, child)
      place = child
    }
  }
}
