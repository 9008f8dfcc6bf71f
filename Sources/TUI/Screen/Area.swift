/// A rectangle of the screen; empty when it has no column or no row.
struct Area: Hashable, Sendable {
  var column: Int
  var row: Int
  var columns: Int
  var rows: Int

  init(column: Int = 0, row: Int = 0, columns: Int, rows: Int) {
    self.column = column
    self.row = row
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }

  init(_ size: Size) {
    self.init(columns: size.columns, rows: size.rows)
  }

  var isEmpty: Bool { columns == 0 || rows == 0 }
  var endRow: Int { row + rows }
  var endColumn: Int { column + columns }

  func contains(_ point: Point) -> Bool {
    (column..<endColumn).contains(point.column) && (row..<endRow).contains(point.row)
  }

  /// What is left inside a border of one cell.
  var inside: Area {
    Area(column: column + 1, row: row + 1, columns: columns - 2, rows: rows - 2)
  }

  /// What is left when so many columns at both sides are free.
  func padded(_ count: Int) -> Area {
    Area(column: column + count, row: row, columns: columns - 2 * count, rows: rows)
  }

  /// Cuts rows off the top.
  mutating func takeTop(_ count: Int) -> Area {
    let count = min(max(0, count), rows)
    let top = Area(column: column, row: row, columns: columns, rows: count)
    self = Area(column: column, row: row + count, columns: columns, rows: rows - count)
    return top
  }

  /// Cuts rows off the bottom.
  mutating func takeBottom(_ count: Int) -> Area {
    let count = min(max(0, count), rows)
    let bottom = Area(column: column, row: endRow - count, columns: columns, rows: count)
    rows -= count
    return bottom
  }

  /// Cuts columns off the left.
  mutating func takeLeft(_ count: Int) -> Area {
    let count = min(max(0, count), columns)
    let left = Area(column: column, row: row, columns: count, rows: rows)
    self = Area(column: column + count, row: row, columns: columns - count, rows: rows)
    return left
  }

  /// Cuts columns off the right.
  mutating func takeRight(_ count: Int) -> Area {
    let count = min(max(0, count), columns)
    columns -= count
    return Area(column: endColumn, row: row, columns: count, rows: rows)
  }

  /// One row of it, by its number from the top.
  func line(_ number: Int) -> Area {
    Area(column: column, row: row + number, columns: columns, rows: number < rows ? 1 : 0)
  }
}
