/// How the page of a report looks, in light and in dark.
enum HTMLStyle {
  static let sheet = """
    :root { color-scheme: light dark; --back: #ffffff; --text: #1b1f24; --soft: #59636e;
      --line: #d8dee4; --card: #f6f8fa; --work: #2f7d4f; --failed: #c03a3a; --stopped: #8a6d1b;
      --running: #2a6fbb; --wait: #9a6fb8; --barrier: #c77d1a; --chain: #1b1f24; --gate: #3b8f9e;
      --idle: #c3cad2; }
    @media (prefers-color-scheme: dark) { :root { --back: #14181d; --text: #e4e8ec;
      --soft: #9aa5b1; --line: #333b45; --card: #1d232a; --work: #4fae77; --failed: #e5706d;
      --stopped: #c9a84a; --running: #6aa6e8; --wait: #b893d3; --barrier: #e0a04a;
      --chain: #f2f5f8; --gate: #5fb6c4; --idle: #465260; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--back); color: var(--text);
      font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; }
    main { max-width: 1240px; margin: 0 auto; padding: 24px 16px 64px; }
    section + section { margin-top: 56px; border-top: 1px solid var(--line); }
    h1 { font-size: 1.5rem; margin: 24px 0 4px; overflow-wrap: anywhere; }
    h2 { font-size: 1.1rem; margin: 32px 0 8px; }
    .facts { color: var(--soft); margin: 0 0 16px; overflow-wrap: anywhere; }
    .state { font-size: .8rem; padding: 2px 10px; border-radius: 12px; color: var(--back);
      vertical-align: middle; background: var(--stopped); }
    .state.good { background: var(--work); } .state.bad { background: var(--failed); }
    .cards { display: flex; flex-wrap: wrap; gap: 12px; margin: 0; }
    .cards div { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
      padding: 8px 14px; min-width: 130px; }
    dt { color: var(--soft); font-size: .8rem; } dd { margin: 0; font-size: 1.25rem; }
    .timeline { width: 100%; height: auto; display: block; background: var(--card);
      border: 1px solid var(--line); border-radius: 8px; }
    .timeline text { fill: var(--text); font-size: 12px; }
    .timeline .label { text-anchor: end; } .timeline .axis { fill: var(--soft); text-anchor: middle; }
    .grid { stroke: var(--line); } .hatch { stroke: var(--wait); stroke-width: 3; }
    rect.work, .k-work { fill: var(--work); background: var(--work); }
    rect.failed, .k-failed { fill: var(--failed); background: var(--failed); }
    rect.stopped, .k-stopped { fill: var(--stopped); background: var(--stopped); }
    rect.running { fill: var(--running); } rect.pause { fill: var(--back); opacity: .7; }
    rect.critical { stroke: var(--chain); stroke-width: 2; }
    rect.slot { fill: url(#hatch); } rect.barrier, .k-barrier { fill: var(--barrier);
      background: var(--barrier); }
    .k-slot { background: repeating-linear-gradient(45deg, var(--wait) 0 3px, transparent 3px 6px); }
    .k-chain { background: none; border: 2px solid var(--chain); }
    .chain { stroke: var(--chain); stroke-width: 1.5; stroke-dasharray: 4 3; fill: none; }
    .legend { display: flex; flex-wrap: wrap; gap: 6px 18px; color: var(--soft); padding: 0;
      list-style: none; font-size: .85rem; }
    .legend i, .dot { display: inline-block; width: 12px; height: 12px; border-radius: 3px;
      margin-right: 6px; vertical-align: -1px; }
    .stack { display: flex; height: 22px; border-radius: 6px; overflow: hidden;
      margin-bottom: 12px; }
    .u-work { background: var(--work); } .u-retry, .u-timeout { background: var(--failed); }
    .u-interrupted, .u-paused, .u-held { background: var(--stopped); }
    .u-barrier { background: var(--barrier); } .u-backoff,
    .u-conflict, .u-limit { background: var(--wait); } .u-gate, .u-merge { background: var(--gate); }
    .u-launching, .u-unattended { background: var(--running); }
    .u-dependency { background: var(--soft); } .u-ending, .u-slots { background: var(--idle); }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th, td { text-align: right; padding: 4px 10px; border-bottom: 1px solid var(--line); }
    th { color: var(--soft); font-weight: 600; font-size: .85rem; }
    th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left;
      overflow-wrap: anywhere; }
    .figures th:nth-child(2), .figures td:nth-child(2) { text-align: right; }

    """

  static let legend = """
    <ul class="legend">
    <li><i class="k-work"></i>succeeded</li><li><i class="k-failed"></i>failed</li>
    <li><i class="k-stopped"></i>stopped</li>
    <li><i class="k-barrier"></i>ready, waited for the level before</li>
    <li><i class="k-slot"></i>ready, waited for a slot</li>
    <li><i class="k-chain"></i>longest chain</li>
    </ul>
    """
}
