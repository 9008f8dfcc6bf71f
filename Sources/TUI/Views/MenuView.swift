/// Where a menu lies: over the middle of the screen, as high as its items.
struct MenuLayout {
  var box: Area
  var input: Area
  var items: Area
  /// How many items are seen at once, 1 at the least.
  var rows: Int

  init(_ state: ViewState) {
    let size = state.size
    let columns = min(76, size.columns > 30 ? size.columns - 4 : size.columns)
    let most =
      if case .menu(let menu) = state.overlay, case .themes = menu.kind {
        state.options.themes.count + 3
      } else { 20 }
    let height = min(most, max(3, size.rows - 4), size.rows)
    box = Area(
      column: (size.columns - columns) / 2, row: max(0, (size.rows - height) / 3),
      columns: columns, rows: height)
    var inner = box.inside.padded(box.columns > 20 ? 1 : 0)
    input = inner.takeTop(1)
    items = inner
    rows = max(1, items.rows)
  }
}

extension Canvas {
  mutating func draw(_ menu: Overlay.Menu, _ state: ViewState) {
    let layout = MenuLayout(state)
    fill(layout.box, " ", Style(.text))
    border(layout.box, Style(.focusedBorder))
    let items = menu.items(state)
    let title = menu.kind == .actions ? "actions" : "colours"
    text(
      " \(title) ", Style(.title, isBold: true),
      in: Area(
        column: layout.box.column + 2, row: layout.box.row, columns: layout.box.columns - 4, rows: 1
      ))
    var input = layout.input
    text(symbols.isUnicode ? "› " : "> ", Style(.key), in: input.takeLeft(2))
    drawInput(menu.text, in: input)
    for place in 0..<layout.items.rows {
      guard let item = items[safe: menu.top + place] else { break }
      draw(item, in: layout.items.line(place), isSelected: menu.top + place == menu.selected)
    }
    if items.isEmpty { text("nothing matches", Style(.dim), in: layout.items.line(0)) }
    drawPlace(menu, items.count, layout)
  }

  private mutating func draw(_ item: MenuItem, in area: Area, isSelected: Bool) {
    guard !area.isEmpty else { return }
    fill(area, " ", Style(.text))
    var rest = area
    let keys = min(width(of: item.keys), rest.columns / 2)
    textAtRight(item.keys, Style(.key), in: rest.takeRight(keys))
    _ = rest.takeRight(1)
    let title = rest.columns > 40 ? 22 : rest.columns
    text(item.title, Style(.text, isBold: isSelected), in: rest.takeLeft(max(title, 0)))
    _ = rest.takeLeft(1)
    text(item.detail, Style(.dim), in: rest)
    if isSelected { select(area) }
  }

  private mutating func drawPlace(_ menu: Overlay.Menu, _ count: Int, _ layout: MenuLayout) {
    guard count > layout.items.rows, layout.box.columns > 24 else { return }
    let bottom = Area(
      column: layout.box.column + 2, row: layout.box.endRow - 1, columns: layout.box.columns - 4,
      rows: 1)
    textAtRight(" \(menu.selected + 1) of \(count) ", Style(.dim), in: bottom)
  }
}
