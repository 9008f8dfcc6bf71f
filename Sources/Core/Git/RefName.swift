/// Parts of git refs made of task ids, which are untrusted text.
package enum RefName {
  /// A part of a ref that no other id has, readable where the id is.
  ///
  /// Letters and digits of any script, `-` and `_` stay, and single dots between them; every other
  /// byte becomes `%` and two hexadecimal digits. What is longer than 120 bytes is cut as file names
  /// are.
  package static func part(_ id: TaskID) -> String {
    if id.text.isEmpty { return "%" }
    var name = ""
    var previous: Unicode.Scalar?
    let scalars = Array(id.text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let isPlain = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      let isDot = scalar == "." && index > 0 && index < scalars.count - 1 && previous != "."
      let isDash = scalar == "_" || scalar == "-" && index > 0
      if isPlain && isNormal(scalar) || isDot || isDash {
        name.unicodeScalars.append(scalar)
      } else {
        for byte in String(scalar).utf8 { name += escaped(byte) }
      }
      previous = scalar
    }
    if name.hasSuffix(".lock") { name = String(name.dropLast(5)) + "%2Elock" }
    return name.utf8.count <= 120 ? name : CleanName.of(id)
  }

  /// A branch's name from a pattern with `{id}`, `{level}` and `{run}`.
  package static func branch(_ pattern: String, id: TaskID, level: Int, run: RunID) -> String {
    pattern.replacing("{id}", with: part(id)).replacing("{level}", with: String(level))
      .replacing("{run}", with: part(TaskID(run.text)))
  }

  /// Whether a pattern gives names that git takes for branches.
  ///
  /// The rules of git-check-ref-format(1).
  package static func isUsable(pattern: String) -> Bool {
    let name = branch(pattern, id: "1", level: 0, run: RunID("r"))
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isClean = name.unicodeScalars.allSatisfy {
      $0.value > 0x20 && $0.value != 0x7F && !"~^:?*[\\{}".unicodeScalars.contains($0)
    }
    return isClean && !name.hasPrefix("-") && !name.contains("..") && !name.contains("@{")
      && name != "@" && name != "HEAD"
      && parts.allSatisfy {
        !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") && !$0.hasSuffix(".")
      }
  }

  /// Marks that combine with the letter before would make two spellings of one name.
  private static func isNormal(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      || scalar.properties.canonicalCombiningClass == .notReordered
        && !scalar.properties.isDefaultIgnorableCodePoint
  }

  private static func escaped(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "%" + (digits.count < 2 ? "0" : "") + digits
  }
}
