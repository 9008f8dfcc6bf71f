import Glibc

/// Strings for C, one after the other in memory that is used again each time.
///
/// The addresses stay until the next string is added.
final class CStringArena {
  private var memory: UnsafeMutablePointer<CChar>
  private var capacity = 1024
  private var count = 0
  private var starts: [Int] = []

  init() {
    memory = .allocate(capacity: capacity)
  }

  deinit {
    memory.deallocate()
  }

  func removeAll() {
    count = 0
    starts.removeAll(keepingCapacity: true)
  }

  /// Adds a string and returns its place; NUL characters, which would end it early, are left out.
  @discardableResult
  func append(_ string: String) -> Int {
    starts.append(count)
    append(bytesOf: string)
    append(0)
    return starts.count - 1
  }

  /// Adds `name=value` and returns its place; nil, and nothing is added, when that is no name.
  func append(name: String, value: String) -> Int? {
    let start = count
    append(bytesOf: name)
    guard count > start, memchr(memory + start, Int32(UInt8(ascii: "=")), count - start) == nil
    else {
      count = start
      return nil
    }
    starts.append(start)
    append(CChar(UInt8(ascii: "=")))
    append(bytesOf: value)
    append(0)
    return starts.count - 1
  }

  subscript(place: Int) -> UnsafeMutablePointer<CChar> { memory + starts[place] }

  private func append(_ character: CChar) {
    reserve(1)
    memory[count] = character
    count += 1
  }

  private func append(bytesOf string: String) {
    var string = string
    string.withUTF8 { text in
      guard let start = text.baseAddress else { return }
      reserve(text.count)
      if memchr(start, 0, text.count) == nil {
        memcpy(memory + count, start, text.count)
        count += text.count
      } else {
        for byte in text where byte != 0 { append(CChar(bitPattern: byte)) }
      }
    }
  }

  private func reserve(_ additional: Int) {
    guard count + additional > capacity else { return }
    capacity = max(capacity * 2, count + additional)
    let larger = UnsafeMutablePointer<CChar>.allocate(capacity: capacity)
    memcpy(larger, memory, count)
    memory.deallocate()
    memory = larger
  }
}

/// A list of addresses for C, in memory that is used again each time.
final class PointerList {
  typealias Element = UnsafeMutablePointer<CChar>?

  private var memory: UnsafeMutablePointer<Element>
  private var capacity = 128
  private(set) var count = 0

  init() {
    memory = .allocate(capacity: capacity)
  }

  deinit {
    memory.deallocate()
  }

  func removeAll() {
    count = 0
  }

  func append(_ element: Element) {
    reserve(1)
    (memory + count).initialize(to: element)
    count += 1
  }

  func append(contentsOf elements: [Element]) {
    reserve(elements.count)
    elements.withUnsafeBufferPointer {
      guard let start = $0.baseAddress else { return }
      (memory + count).initialize(from: start, count: elements.count)
    }
    count += elements.count
  }

  func append(nils additional: Int) {
    reserve(additional)
    (memory + count).initialize(repeating: nil, count: additional)
    count += additional
  }

  subscript(place: Int) -> Element {
    get { memory[place] }
    set { memory[place] = newValue }
  }

  /// Valid until the next element is added.
  func address(of place: Int) -> UnsafeMutablePointer<Element> { memory + place }

  private func reserve(_ additional: Int) {
    guard count + additional > capacity else { return }
    capacity = max(capacity * 2, count + additional)
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    larger.moveInitialize(from: memory, count: count)
    memory.deallocate()
    memory = larger
  }
}
