/// Finds the index of a task by its id.
///
/// Ids that are whole numbers in their usual form are kept in a table, all others in a dictionary.
package struct TaskIndex: Sendable {
  /// The index of each small number; -1 for none.
  private var small: [Int32]
  private var others: [TaskID: Int32] = [:]

  /// Makes an empty index that suits about `capacity` tasks.
  package init(capacity: Int) {
    small = Array(repeating: -1, count: capacity * 2 + 64)
  }

  /// The index of a task, or nil when there is none of that id.
  ///
  /// Cost: O(1).
  package subscript(id: TaskID) -> Int? {
    if let number = Self.number(id), number < small.count { return self[number: number] }
    return others[id].map(Int.init)
  }

  /// The index of the task whose id is a number of at most nine digits.
  ///
  /// Cost: O(1).
  package subscript(number number: Int) -> Int? {
    if number < small.count { return small[number] < 0 ? nil : Int(small[number]) }
    return others[TaskID(String(number))].map(Int.init)
  }

  /// Enters a task unless its id is there already; returns the index the id has then.
  package mutating func insert(_ id: TaskID, at index: Int) -> Int {
    if let number = Self.number(id), number < small.count {
      if small[number] < 0 { small[number] = Int32(index) }
      return Int(small[number])
    }
    if let known = others[id] { return Int(known) }
    others[id] = Int32(index)
    return index
  }

  /// The number an id is, when it is written in digits without leading zeros.
  private static func number(_ id: TaskID) -> Int? {
    var text = id.text
    return text.withUTF8 { digits in
      guard (1...9).contains(digits.count), digits[0] != UInt8(ascii: "0") || digits.count == 1
      else { return nil }
      var value = 0
      for digit in digits {
        let unit = digit &- UInt8(ascii: "0")
        guard unit < 10 else { return nil }
        value = value * 10 + Int(unit)
      }
      return value
    }
  }
}
