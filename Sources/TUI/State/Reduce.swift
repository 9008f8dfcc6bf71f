/// Changes the state by what happened, and says what is to be done about it.
///
/// Cost: O(what the event touches and what is visible), never O(tasks) apart from a filter that is
/// typed and figures that are asked for.
package func reduce(_ state: inout ViewState, _ event: InputEvent) -> [Effect] {
  []
}
