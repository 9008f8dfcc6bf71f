package import Core

/// Something the user was told.
package struct Message: Equatable, Sendable {
  package enum Weight: Equatable, Sendable {
    case news
    case warning
    case error
  }

  package var at: Instant
  package var weight: Weight
  /// Cleaned.
  package var text: String
}

/// What the user was told, newest last; the oldest are forgotten.
struct Messages: Equatable, Sendable {
  static let limit = 500

  private(set) var all: [Message] = []
  /// Until when the newest is shown in the last line of the screen.
  private var shownUntil: Instant?

  /// The one in the last line of the screen.
  private(set) var current: Message?

  /// Shows a message for a few seconds and keeps it.
  mutating func add(_ text: String, _ weight: Message.Weight, at now: Instant) {
    keep(Message(at: now, weight: weight, text: shown(text)))
    current = all.last
    shownUntil = now + .seconds(weight == .news ? 4 : 8)
  }

  /// Keeps a message for the list of them without showing it.
  mutating func note(_ text: String, at now: Instant) {
    keep(Message(at: now, weight: .news, text: shown(text)))
  }

  private mutating func keep(_ message: Message) {
    all.append(message)
    if all.count >= 2 * Self.limit { all.removeFirst(all.count - Self.limit) }
  }

  /// Takes the newest from the last line when it was there long enough; returns whether it did.
  mutating func expire(at now: Instant) -> Bool {
    guard let end = shownUntil, now >= end else { return false }
    dismiss()
    return true
  }

  mutating func dismiss() {
    shownUntil = nil
    current = nil
  }
}
