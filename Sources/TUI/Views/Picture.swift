/// The picture of a state, exactly as large as its screen.
///
/// Cost: O(visible).
package func frame(of state: ViewState) -> Frame {
  Frame(size: state.size)
}
