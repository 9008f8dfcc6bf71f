/// The number of columns a character takes on a terminal: 0, 1 or 2.
package func width(of character: Character) -> Int {
  character.isASCII ? 1 : 2
}
