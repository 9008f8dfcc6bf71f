/// A piece of text in one style.
struct Span: Equatable {
  var text: String
  var style: Style

  init(_ text: String, _ role: Role = .text, isBold: Bool = false) {
    self.text = text
    style = Style(role, isBold: isBold)
  }
}

extension [Span] {
  /// The columns the spans take.
  var columns: Int { reduce(0) { $0 + width(of: $1.text) } }

  /// The spans in exactly so many columns: elided, or blanks behind them.
  func fitted(to columns: Int, mark: String) -> [Span] {
    var left = columns
    var fitted: [Span] = []
    for span in self where left > 0 {
      var span = span
      span.text = elided(span.text, to: left, mark: mark)
      left -= width(of: span.text)
      fitted.append(span)
    }
    return left > 0 ? fitted + [Span(String(repeating: " ", count: left))] : fitted
  }

  /// Lines beside each other, the left ones in so many columns.
  static func beside(_ left: [[Span]], _ right: [[Span]], columns: Int, mark: String) -> [[Span]] {
    (0..<Swift.max(left.count, right.count)).map { row in
      let start = left.count > row ? left[row] : []
      return start.fitted(to: columns - 2, mark: mark) + [Span("  ")]
        + (right.count > row ? right[row] : [])
    }
  }
}
