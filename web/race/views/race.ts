import { type TemplateResult, html, nothing } from 'lit-html'
import { benchmark } from './benchmark.ts'
import type { Context } from './context.ts'
import { controls } from './controls.ts'
import { lane } from './lane.ts'
import { announcement, result } from './result.ts'
import { series } from './series.ts'

/** The whole view: what is asked, two lanes, who was first, and what was measured properly. */
export function view(context: Context): TemplateResult {
  const { state, words } = context
  return html`
    <div class="course">
      ${controls(context)} ${state.left ? html`<p class="aside-note">${words.left}</p>` : nothing}
      ${result(context)}
      <div class="lanes">${lane(0, context)} ${lane(1, context)}</div>
      ${series(context)}
      <details class="how">
        <summary>${words.how}</summary>
        <ul>
          ${words.howLines.map(line => html`<li>${line}</li>`)}
        </ul>
      </details>
      ${benchmark(context)}
      <p class="unseen" role="status">${announcement(context)}</p>
    </div>
  `
}
