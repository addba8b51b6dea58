/** The look of the page: two hues that no colour blindness makes one, grey for what is compared with. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fcfcfa; --panel: #ffffff; --ink: #1c1d20; --soft: #5d6169; --rule: #e2e2dd; --grid: #ecece8;
  --sse: #0b66b5; --websocket: #c2540a; --baseline: #777c85;
  --good: #17724a; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131417; --panel: #1a1c20; --ink: #e9e9e6; --soft: #a0a4ad; --rule: #2f3238; --grid: #272a2f;
    --sse: #62b0f5; --websocket: #f79a52; --baseline: #8d929b;
    --good: #5cc795; --bad: #ff8a80;
  }
}
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body {
  margin: 0; padding: 3.5rem 1.5rem 5rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font-variant-numeric: tabular-nums;
}
header, main, footer { max-width: 60rem; margin: 0 auto }
h1 { font-size: clamp(1.9rem, 5vw, 2.9rem); line-height: 1.1; letter-spacing: -.025em; margin: 0 0 .8rem; text-wrap: balance }
h2 { font-size: 1.4rem; line-height: 1.25; letter-spacing: -.015em; margin: 4rem 0 .4rem; padding-top: 1.1rem; border-top: 2px solid var(--ink) }
h2 + p { margin: 0 0 1.6rem; color: var(--soft); max-width: 42rem }
.lead { font-size: 1.125rem; max-width: 40rem; margin: 0 0 2rem; text-wrap: pretty }
.partial { border-left: 3px solid var(--bad); padding: .3rem 0 .3rem .9rem }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }

.facts { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 2.2rem 0 0; font-size: .875rem; line-height: 1.5 }
.facts dt { color: var(--soft) } .facts dd { margin: 0 }
.keys { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 0; margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule) }
.keys li { padding: 1.1rem 1.1rem 1rem 0; display: flex; flex-direction: column; gap: .15rem }
.keys b { font-size: 2.1rem; line-height: 1.1; font-weight: 650; letter-spacing: -.03em }
.keys span { font-size: .875rem } .keys small { font-size: .8125rem; color: var(--soft) }
.keys-note { font-size: .8125rem; color: var(--soft); margin: .6rem 0 0 }

table { border-collapse: collapse; width: 100% }
th { font-weight: inherit; text-align: left }
thead th { color: var(--soft); font-size: .8125rem }
.claims td, .claims th, .bounds td, .bounds th { vertical-align: top; padding: .8rem 1.25rem .8rem 0; border-top: 1px solid var(--rule) }
.claims thead th, .bounds thead th { border: 0; padding-bottom: .4rem; padding-top: 0 }
.claims tbody th { width: 30% } .claims tbody th b { display: block } .claims tbody th span { color: var(--soft); font-size: .9375rem; line-height: 1.45; display: block }
.claims td { font-size: .9375rem; line-height: 1.5 } .claims td:last-child, .bounds td:last-child { padding-right: 0 }
.outcome { white-space: nowrap; font-weight: 600 } .outcome i { font-style: normal; display: inline-block; width: 1.15em }
.bounds { font-size: .875rem; line-height: 1.45 } .bounds td, .bounds th { padding-top: .5rem; padding-bottom: .5rem }
.bounds .limit { white-space: nowrap } .bounds ul { margin: 0; padding: 0; list-style: none }
.bounds li { display: flex; justify-content: space-between; gap: 1rem; max-width: 21rem } .bounds li b { font-weight: 500; white-space: nowrap }
.met { color: var(--good) } .missed { color: var(--bad) } .unmeasured { color: var(--soft); font-weight: 400 }

.sse { --tone: var(--sse) } .websocket { --tone: var(--websocket) } .baseline { --tone: var(--baseline) }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; margin: 0 0 .6rem; padding: 0; list-style: none; font-size: .875rem }
.shape { fill: var(--tone) } .glyph { vertical-align: -1px; overflow: visible }
.track .shape { stroke: var(--panel); stroke-width: 1.5 }
figure { margin: 0 0 1.25rem; padding: 1.1rem 1.25rem .6rem; background: var(--panel); border: 1px solid var(--rule); border-radius: 8px }
figcaption { margin-bottom: .7rem; font-weight: 620 } figcaption small { font-size: .8125rem; font-weight: 400; color: var(--soft); padding-left: .2em }
.note { font-size: .875rem; line-height: 1.45; color: var(--soft); max-width: 46rem; margin: 0 0 1rem } figure + .note { margin-top: 1.75rem }
.chart { table-layout: fixed; font-size: .875rem; line-height: 1.2 }
.chart th, .chart td { padding: 0; height: 26px; white-space: nowrap } .chart thead th { height: 22px; vertical-align: top }
.chart .server { width: 8.75rem } .chart .transport { width: 6.75rem } .chart .number { width: 4.5rem; text-align: right; padding-left: .6rem }
.bars .number:last-child { width: 8.2rem } .bars tbody .number:last-child { color: var(--soft) }
.chart .same .server span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.chart tbody .baseline th { color: var(--soft) }
.track, .axis { display: block; overflow: visible }
.grid { stroke: var(--grid); stroke-width: 1 } .axis text { font-size: 11.5px; fill: var(--soft) }
.bar { fill: var(--tone); opacity: .62 } .whisker { fill: var(--ink) } .cap { stroke: var(--ink); stroke-width: 1.5 }
.line { fill: var(--tone); opacity: .55 } .wide { fill: var(--tone); opacity: .3 } .half { fill: var(--tone); opacity: .55 } .dot { fill: var(--tone) }
details { margin-bottom: .6rem } summary { cursor: pointer; padding: .35rem 0; font-weight: 600; width: max-content; max-width: 100% }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: 8px; background: var(--panel); margin: .3rem 0 1.25rem }
summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--sse); outline-offset: 2px }
.all { font-size: .8125rem; line-height: 1.3; white-space: nowrap } .all th, .all td { padding: .38rem .7rem; border-top: 1px solid var(--rule) } .all td { text-align: right } .all small { color: var(--soft); font-size: .75rem; padding-left: .3em }
.all thead th { text-align: right; border-top: 0 } .all thead th:first-child { text-align: left }
.all tbody th { position: sticky; left: 0; background: var(--panel) }
footer { margin-top: 4rem; font-size: .875rem; color: var(--soft) }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }

@media (max-width: 44rem) {
  body { padding: 2rem 1rem 3rem }
  h2 { margin-top: 3rem }
  .facts { grid-template-columns: 1fr; gap: 0 } .facts dd { margin-bottom: .6rem }
  .keys { grid-template-columns: 1fr 1fr } .keys b { font-size: 1.7rem }
  .claims thead, .bounds thead { display: none }
  .claims tr, .bounds tr { display: block; border-top: 1px solid var(--rule); padding: .8rem 0 }
  .claims td, .claims tbody th, .bounds td, .bounds tbody th { display: block; width: auto; border: 0; padding: .1rem 0 }
  .bounds tr { display: grid; grid-template-columns: 1fr auto; column-gap: 1rem } .bounds tbody th, .bounds td:nth-child(3) { grid-column: 1 / -1 } .bounds td:nth-child(3) { order: 1 }
  .bounds li { max-width: none }
  .all tbody th { white-space: normal; min-width: 8.5rem }
  figure { padding: .9rem .8rem .5rem; margin-left: -.25rem; margin-right: -.25rem }
  .chart, .chart tbody, .chart thead, .chart tfoot { display: block }
  .chart tr { display: grid; grid-template-columns: auto 1fr auto auto; column-gap: .6rem; align-items: baseline }
  .chart th, .chart td { height: auto }
  .chart .server, .chart .transport, .chart .number, .bars .number:last-child { width: auto; padding-left: 0; min-width: 2.6rem }
  /* What does not fit beside the names is in the tables below. */
  .bars .number:last-child { display: none } .bars.chart tr { grid-template-columns: auto 1fr auto }
  .chart .same .server span { position: static; width: auto; height: auto; overflow: visible; clip-path: none }
  .chart .drawn { grid-column: 1 / -1; grid-row: 2 } .chart thead .drawn, .chart tfoot .server, .chart tfoot .transport, .chart tfoot .number { display: none }
  .chart tbody tr { padding-top: .35rem } .axis .minor { display: none }
  .chart tbody th, .chart tbody .number { font-size: .8125rem }
}
@media print { body { padding: 0 } figure, tr { break-inside: avoid } }
`
