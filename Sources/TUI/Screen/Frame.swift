/// One place of the screen: what is drawn there and what it means.
package struct Cell: Equatable, Sendable {
  /// One grapheme cluster of printable characters; empty in the right half of a wide one.
  package var glyph: String
  package var style: Style

  package init(_ glyph: String = " ", _ style: Style = Style()) {
    self.glyph = glyph
    self.style = style
  }
}

/// The meaning of a cell, and whether it stands out beyond that.
package struct Style: Hashable, Sendable {
  package var role: Role
  /// Drawn on the background of `Role.selection`.
  package var isSelected = false
  package var isBold = false
  package var isUnderlined = false

  package init(
    _ role: Role = .text, isSelected: Bool = false, isBold: Bool = false, isUnderlined: Bool = false
  ) {
    self.role = role
    self.isSelected = isSelected
    self.isBold = isBold
    self.isUnderlined = isUnderlined
  }
}

/// Columns and rows of a screen; both at least 1.
package struct Size: Hashable, Sendable {
  package var columns: Int
  package var rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
  }
}

/// A place of the screen, counted from the upper left corner.
package struct Point: Hashable, Sendable {
  package var column: Int
  package var row: Int

  package init(column: Int, row: Int) {
    self.column = column
    self.row = row
  }
}

/// A whole picture of the screen: a grid of cells, row by row.
///
/// Views make it, screens draw it, and neither knows the other.
package struct Frame: Equatable, Sendable {
  package let size: Size
  package var cells: [Cell]
  /// Where the cursor is shown; nil hides it.
  package var cursor: Point?
  /// The title of the terminal's window, cleaned.
  package var title = ""

  package init(size: Size) {
    self.size = size
    cells = [Cell](repeating: Cell(), count: size.columns * size.rows)
  }

  package subscript(column: Int, row: Int) -> Cell {
    get { cells[row * size.columns + column] }
    set { cells[row * size.columns + column] = newValue }
  }
}
