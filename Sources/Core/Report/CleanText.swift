/// Text of unknown origin made safe for a terminal and for one line.
///
/// Escape sequences, control characters (C0, DEL, C1), zero-width and bidirectional controls are
/// taken out; line breaks and tabs become spaces. Cost: O(length); plain ASCII is returned as it is.
package func cleaned(_ text: String) -> String {
  if text.utf8.withContiguousStorageIfAvailable(isPlain) == true { return text }
  var result = String.UnicodeScalarView()
  var scanner = EscapeScanner()
  for scalar in text.unicodeScalars {
    if scanner.isInSequence(scalar) { continue }
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x85, 0x2028, 0x2029: result.append(" ")
    case 0..<0x20, 0x7F..<0xA0: continue
    case _ where isInvisible(scalar): continue
    default: result.append(scalar)
    }
  }
  return String(result)
}

/// Appends a text, cleaned, to UTF-8.
func appendCleaned(_ text: String, to bytes: inout [UInt8]) {
  let isDone = text.utf8.withContiguousStorageIfAvailable { plain in
    guard isPlain(plain) else { return false }
    bytes.append(contentsOf: plain)
    return true
  }
  if isDone != true { bytes += cleaned(text).utf8 }
}

private func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
}

/// Whether a scalar changes how its neighbours are shown and shows nothing itself.
private func isInvisible(_ scalar: UnicodeScalar) -> Bool {
  switch scalar.value {
  case 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF,
    0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
    true
  default: false
  }
}

/// Follows escape sequences as ECMA-48 frames them.
private struct EscapeScanner {
  private var state = State.text

  private enum State {
    case text
    /// After ESC, and the intermediate bytes that may follow it.
    case escape
    /// After CSI, up to its final byte.
    case control
    /// In the text of an OSC, DCS, SOS, PM or APC, up to BEL or ST.
    case command
    /// After an ESC in such a text, which may begin ST.
    case commandEscape
  }

  /// Whether the scalar belongs to an escape sequence.
  mutating func isInSequence(_ scalar: UnicodeScalar) -> Bool {
    let wasText = state == .text
    state = next(scalar.value)
    return !(wasText && state == .text)
  }

  private func next(_ value: UInt32) -> State {
    switch state {
    case .text, .escape: return opened(value)
    case .control:
      if value == 0x1B { return .escape }
      return (0x20..<0x40).contains(value) ? .control : .text
    case .command:
      if value == 0x1B { return .commandEscape }
      return value == 0x07 || value == 0x9C || value == 0x0A ? .text : .command
    case .commandEscape: return value == 0x5C ? .text : opened(value)
    }
  }

  private func opened(_ value: UInt32) -> State {
    switch value {
    case 0x1B: return .escape
    case 0x9B: return .control
    case 0x90, 0x98, 0x9D, 0x9E, 0x9F: return .command
    default: break
    }
    guard state != .text else { return .text }
    switch value {
    case 0x5B: return .control
    case 0x50, 0x58, 0x5D, 0x5E, 0x5F: return .command
    case 0x20..<0x30: return .escape
    default: return .text
    }
  }
}
