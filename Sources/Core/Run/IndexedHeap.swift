/// A binary heap of task indexes from which any one can be removed.
///
/// Smaller keys come first, and among equal ones the smaller index. `insert`, `remove` and the
/// change they make to `first` cost O(log n); `first` and `contains` cost O(1).
package struct IndexedHeap: Equatable, Sendable {
  /// What orders the heap: `major` first, then `minor`.
  package struct Key: Equatable, Sendable {
    package var major: Int
    package var minor: Int64

    package init(major: Int, minor: Int64) {
      self.major = major
      self.minor = minor
    }
  }

  private var keys: [Key]
  private var heap: [Int32] = []
  /// The place of each index in `heap`, or -1.
  private var places: [Int32]

  /// An empty heap for the indexes below `keys.count`, ordered by their keys.
  package init(keys: [Key]) {
    self.keys = keys
    places = [Int32](repeating: -1, count: keys.count)
  }

  package var count: Int { heap.count }
  package var isEmpty: Bool { heap.isEmpty }
  package var first: Int? { heap.first.map(Int.init) }

  package func contains(_ index: Int) -> Bool { places[index] >= 0 }

  /// Adds an index; one that is there already stays where it is.
  package mutating func insert(_ index: Int) {
    guard places[index] < 0 else { return }
    heap.append(Int32(index))
    places[index] = Int32(heap.count - 1)
    rise(from: heap.count - 1)
  }

  /// Adds an index with a new key.
  package mutating func insert(_ index: Int, key: Key) {
    remove(index)
    keys[index] = key
    insert(index)
  }

  /// Takes an index out; one that is not there changes nothing.
  package mutating func remove(_ index: Int) {
    let place = Int(places[index])
    guard place >= 0 else { return }
    swapPlaces(place, heap.count - 1)
    heap.removeLast()
    places[index] = -1
    guard place < heap.count else { return }
    rise(from: place)
    sink(from: place)
  }

  /// The key an index has or would have.
  package func key(of index: Int) -> Key { keys[index] }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    let (first, second) = (Int(heap[left]), Int(heap[right]))
    let (one, two) = (keys[first], keys[second])
    if one.major != two.major { return one.major < two.major }
    if one.minor != two.minor { return one.minor < two.minor }
    return first < second
  }

  private mutating func rise(from start: Int) {
    var place = start
    while place > 0, isBefore(place, (place - 1) / 2) {
      swapPlaces(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func sink(from start: Int) {
    var place = start
    while true {
      var child = 2 * place + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count, isBefore(child + 1, child) { child += 1 }
      guard isBefore(child, place) else { return }
      swapPlaces(child, place)
      place = child
    }
  }

  private mutating func swapPlaces(_ left: Int, _ right: Int) {
    heap.swapAt(left, right)
    places[Int(heap[left])] = Int32(left)
    places[Int(heap[right])] = Int32(right)
  }
}
