extension Theme {
  /// How a piece of the screen looks: its role, drawn as selected where it is.
  ///
  /// Without colours what would only differ by its background is reversed instead.
  package func look(of style: Style, hasColors: Bool) -> Look {
    var look = looks[style.role] ?? looks[.text] ?? Look()
    look.inherit(from: looks[.text] ?? Look())
    if style.isSelected { look.select(looks[.selection] ?? Look(isReversed: true)) }
    look.isBold = look.isBold || style.isBold
    look.isUnderlined = look.isUnderlined || style.isUnderlined
    if hasColors { return look }
    if look.background != .standard, look.background != looks[.text]?.background {
      look.isReversed = true
    }
    (look.foreground, look.background) = (.standard, .standard)
    return look
  }
}

extension Theme.Look {
  fileprivate mutating func inherit(from text: Self) {
    if foreground == .standard { foreground = text.foreground }
    if background == .standard { background = text.background }
  }

  fileprivate mutating func select(_ selection: Self) {
    // Reversed roles would be patches of many colours in the row.
    if selection.isReversed { (foreground, background, isDim) = (.standard, .standard, false) }
    if selection.background != .standard { background = selection.background }
    if selection.foreground != .standard { foreground = selection.foreground }
    isReversed = isReversed || selection.isReversed
    isBold = isBold || selection.isBold
    isUnderlined = isUnderlined || selection.isUnderlined
  }
}
