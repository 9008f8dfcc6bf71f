/// A frame being drawn on; everything outside the frame is cut off.
///
/// Text from tasks, logs and files must have come through `shown` before it is drawn. What is no
/// ASCII is drawn as `?` where the terminal shows nothing else.
struct Canvas {
  private(set) var frame: Frame
  let symbols: Symbols

  init(size: Size, isUnicode: Bool) {
    frame = Frame(size: size)
    symbols = Symbols(isUnicode: isUnicode)
  }

  mutating func showCursor(at point: Point) {
    guard Area(frame.size).contains(point) else { return }
    frame.cursor = point
  }

  mutating func setTitle(_ title: String) { frame.title = title }

  /// Draws a text from the left of an area's first row, elided to its columns; returns the columns
  /// it took.
  @discardableResult
  mutating func text(_ text: String, _ style: Style, in area: Area) -> Int {
    guard area.rows > 0, area.columns > 0 else { return 0 }
    let fitting = elided(text, to: area.columns, mark: symbols.ellipsis)
    return put(fitting, style, column: area.column, row: area.row, end: area.endColumn)
  }

  /// Draws a text that ends at the right of an area's first row; returns the columns it took.
  @discardableResult
  mutating func textAtRight(_ text: String, _ style: Style, in area: Area) -> Int {
    let columns = min(width(of: text), area.columns)
    var place = area
    _ = place.takeLeft(area.columns - columns)
    return self.text(text, style, in: place)
  }

  /// Draws spans one after the other from the left; returns the columns they took.
  @discardableResult
  mutating func line(_ spans: [Span], in area: Area) -> Int {
    var rest = area
    for (place, span) in spans.enumerated() where rest.columns > 0 {
      let isLast = place == spans.count - 1
      let needed = isLast ? rest.columns : min(rest.columns, width(of: span.text))
      _ = rest.takeLeft(
        text(
          span.text, span.style,
          in: Area(
            column: rest.column, row: rest.row, columns: needed, rows: rest.rows)))
    }
    return area.columns - rest.columns
  }

  mutating func fill(_ area: Area, _ glyph: String, _ style: Style) {
    let cell = Cell(glyph, style)
    let columns =
      max(0, area.column)..<max(max(0, area.column), min(area.endColumn, frame.size.columns))
    for row in max(0, area.row)..<max(max(0, area.row), min(area.endRow, frame.size.rows)) {
      splitWide(at: columns.lowerBound, and: columns.upperBound, row: row)
      for column in columns { frame[column, row] = cell }
    }
  }

  /// Blanks what is left of wide characters that something drawn between two columns cuts in half.
  private mutating func splitWide(at start: Int, and end: Int, row: Int) {
    guard start < end else { return }
    if start > 0, frame[start, row].glyph.isEmpty { frame[start - 1, row].glyph = " " }
    if end < frame.size.columns, frame[end, row].glyph.isEmpty { frame[end, row].glyph = " " }
  }

  /// Makes what is drawn in an area look selected.
  mutating func select(_ area: Area) {
    for row in area.row..<min(area.endRow, frame.size.rows) {
      for column in area.column..<min(area.endColumn, frame.size.columns) {
        frame[column, row].style.isSelected = true
      }
    }
  }

  /// Draws a border along the edge of an area.
  mutating func border(_ area: Area, _ style: Style) {
    guard area.columns > 1, area.rows > 1 else { return }
    let (last, bottom) = (area.endColumn - 1, area.endRow - 1)
    fill(
      Area(column: area.column, row: area.row, columns: area.columns, rows: 1), symbols.horizontal,
      style)
    fill(
      Area(column: area.column, row: bottom, columns: area.columns, rows: 1), symbols.horizontal,
      style)
    fill(
      Area(column: area.column, row: area.row, columns: 1, rows: area.rows), symbols.vertical, style
    )
    fill(Area(column: last, row: area.row, columns: 1, rows: area.rows), symbols.vertical, style)
    set(symbols.topLeft, style, column: area.column, row: area.row)
    set(symbols.topRight, style, column: last, row: area.row)
    set(symbols.bottomLeft, style, column: area.column, row: bottom)
    set(symbols.bottomRight, style, column: last, row: bottom)
  }

  /// Sets one cell of one column.
  mutating func set(_ glyph: String, _ style: Style, column: Int, row: Int) {
    guard Area(frame.size).contains(Point(column: column, row: row)) else { return }
    splitWide(at: column, and: column + 1, row: row)
    frame[column, row] = Cell(glyph, style)
  }

  private mutating func put(
    _ text: String, _ style: Style, column start: Int, row: Int, end: Int
  ) -> Int {
    guard (0..<frame.size.rows).contains(row), start >= 0 else { return 0 }
    let end = min(end, frame.size.columns)
    splitWide(at: start, and: min(end, start + width(of: text, upTo: end - start)), row: row)
    var column = start
    if text.isPrintableASCII {
      for byte in text.utf8 where column < end {
        frame[column, row] = Cell(String(Unicode.Scalar(byte)), style)
        column += 1
      }
      return column - start
    }
    for character in text {
      for glyph in character.glyphs where column + glyph.width <= end {
        draw(glyph, style, column: column, row: row)
        column += glyph.width
      }
    }
    return column - start
  }

  private mutating func draw(_ glyph: Glyph, _ style: Style, column: Int, row: Int) {
    let isDrawable = symbols.isUnicode || glyph.text.utf8.count == 1
    frame[column, row] = Cell(isDrawable ? glyph.text : "?", style)
    if glyph.width == 2 { frame[column + 1, row] = Cell(isDrawable ? "" : "?", style) }
  }
}
