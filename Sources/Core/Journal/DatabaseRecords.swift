/// A value of a record in a database page.
enum RecordValue: Equatable {
  case null
  case integer(Int64)
  case text([UInt8])
  /// A kind of value that the journal does not write.
  case other
}

/// The table rows in the pages of a damaged database.
struct DatabaseRecords {
  private let pages: DatabasePages

  init(_ pages: DatabasePages) {
    self.pages = pages
  }

  /// Calls `body` with the key of every row on a leaf page of a table and with what reads the row,
  /// which gives nil when it is not whole.
  ///
  /// One row may come several times, its newest version first.
  func visit(_ body: (Int64, () -> [RecordValue]?) -> Void) {
    pages.visit { page, isFirst in
      for cell in cells(page, at: isFirst ? 100 : 0) {
        var reader = ByteReader(page, at: cell)
        guard let length = reader.varint(), let key = reader.varint() else { continue }
        body(key) { payload(length: Int(clamping: length), of: reader).flatMap(Self.values) }
      }
    }
  }

  /// The places of the cells on a page, when it is a leaf of a table (kind 13).
  private func cells(_ page: [UInt8], at start: Int) -> [Int] {
    guard start + 8 <= page.count, page[start] == 13 else { return [] }
    let count = Int(page[start + 3]) << 8 | Int(page[start + 4])
    guard start + 8 + 2 * count <= page.count else { return [] }
    return (0..<count).map { index in
      let place = start + 8 + 2 * index
      return Int(page[place]) << 8 | Int(page[place + 1])
    }
  }

  /// The bytes of a record: what is in the cell, and the rest from the chain of overflow pages.
  private func payload(length: Int, of cell: ByteReader) -> [UInt8]? {
    var reader = cell
    guard length > 0, length <= pages.totalSize else { return nil }
    let size = pages.pageSize
    guard length > size - 35 else { return reader.bytes(length) }
    let least = (size - 12) * 32 / 255 - 23
    let fitting = least + (length - least) % (size - 4)
    guard var bytes = reader.bytes(fitting <= size - 35 ? fitting : least),
      let link = reader.bytes(4)
    else { return nil }
    var next = Int(UInt32(bigEndian: link))
    bytes.reserveCapacity(length)
    while bytes.count < length {
      let page = pages.page(next)
      let count = min(length - bytes.count, size - 4)
      guard page.count >= 4 + count else { return nil }
      bytes.append(contentsOf: page[4..<(4 + count)])
      next = Int(UInt32(bigEndian: page))
    }
    return bytes
  }

  /// The values of a record; nil when its header and its body do not fit each other.
  private static func values(_ payload: [UInt8]) -> [RecordValue]? {
    var header = ByteReader(payload, at: 0)
    guard let length = header.varint(), length > 0, length <= payload.count else { return nil }
    var body = ByteReader(payload, at: Int(length))
    var values: [RecordValue] = []
    while header.position < Int(length) {
      guard let kind = header.varint(), let value = value(kind, &body) else { return nil }
      values.append(value)
    }
    return body.position == payload.count ? values : nil
  }

  private static func value(_ kind: Int64, _ body: inout ByteReader) -> RecordValue? {
    switch kind {
    case 0: return .null
    case 1...6:
      let width = [0, 1, 2, 3, 4, 6, 8][Int(kind)]
      guard let bytes = body.bytes(width), let first = bytes.first else { return nil }
      let sign = Int64(Int8(bitPattern: first))
      return .integer(bytes.dropFirst().reduce(sign) { $0 << 8 | Int64($1) })
    case 8: return .integer(0)
    case 9: return .integer(1)
    case 7: return body.bytes(8) == nil ? nil : .other
    case 12...:
      guard let bytes = body.bytes(Int((kind - 12) / 2)) else { return nil }
      return kind % 2 == 1 ? .text(bytes) : .other
    default: return nil
    }
  }
}

/// Reads forward through bytes that may end anywhere.
struct ByteReader {
  private let source: [UInt8]
  private(set) var position: Int

  init(_ source: [UInt8], at position: Int) {
    self.source = source
    self.position = position
  }

  /// The next `count` bytes; nil when there are fewer.
  mutating func bytes(_ count: Int) -> [UInt8]? {
    guard count >= 0, position <= source.count, count <= source.count - position else {
      return nil
    }
    defer { position += count }
    return Array(source[position..<(position + count)])
  }

  /// A variable-length integer: seven bits a byte, the most significant first, all of a ninth byte.
  mutating func varint() -> Int64? {
    var value: UInt64 = 0
    for index in 0..<9 {
      guard position < source.count else { return nil }
      let byte = UInt64(source[position])
      position += 1
      if index == 8 { return Int64(bitPattern: value << 8 | byte) }
      value = value << 7 | byte & 0x7F
      if byte < 0x80 { return Int64(bitPattern: value) }
    }
    return nil
  }
}
