/// Something that shows frames, such as a terminal.
///
/// For one thread; calls come from the view's loop alone.
package protocol Screen: AnyObject {
  var size: Size { get }
  /// Takes the terminal over, also again after `close`.
  func open() throws(ScreenError)
  /// Makes the screen show `frame`, at the cost of what differs from the last one.
  func draw(_ frame: Frame)
  /// Changes how roles look, from the next frame on.
  func use(_ theme: Theme)
  /// Takes the terminal's size over; the next frame draws every cell.
  func resize()
  /// Hands a text to the clipboard of the terminal's user.
  func copy(_ text: String)
  /// Puts the terminal back as it was; nothing may be drawn until `open` is called again.
  func close()
}

/// Why there is no screen.
package struct ScreenError: Error, Equatable, Sendable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) {
    self.description = description
  }
}
