/// Makes plans of the task files that TaskMaster and its neighbours write.
package enum TaskMasterImporter {
  /// Reads one task list of a document into a plan, with what the preflight found.
  ///
  /// `tag` is the tag the user named; `preferredTags` are tried when there is none. Cost: O(values).
  package static func plan(
    from document: JSONDocument, tag: String? = nil, preferredTags: [String] = [],
    granularity: Plan.Granularity = .task
  ) throws(PlanError) -> Plan {
    let lists = TaskList.all(in: document)
    guard !lists.isEmpty else { throw noTaskList(in: document) }
    let list = try TagChoice(explicit: tag, preferred: preferredTags)
      .list(of: lists, in: document.name)
    var assembler = PlanAssembler(
      list: list, others: lists.filter { $0.tag != list.tag }, granularity: granularity)
    var plan = try assembler.plan(file: document.name)
    plan.findings += plan.cycleFindings()
    return plan
  }

  private static func noTaskList(in document: JSONDocument) -> PlanError {
    PlanError(
      .unsuitable, file: document.name, place: document.root.place,
      problem: "there is no task list in it",
      remedy: #"write {"master": {"tasks": […]}}, {"tasks": […]} or an array of tasks"#)
  }
}
