import { type TemplateResult, html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import { enterHint, onSend, textOf } from '../../views/emit.ts'
import { icons } from '../../views/icons.ts'
import { canStart } from '../reduce.ts'
import type { State } from '../state.ts'
import type { Context } from './context.ts'

/** What is asked, how the two race, and the buttons. */
export function controls(context: Context): TemplateResult {
  const { state, words, act } = context
  const { running, prompt } = state
  return html`
    <section class="controls" aria-label=${words.prompt}>
      <p class="lead">${words.leads[state.mode]}</p>
      <div class="box">
        <textarea
          id="race-prompt"
          aria-label=${words.prompt}
          placeholder=${words.promptHint}
          maxlength="100000"
          rows="1"
          enterkeyhint=${enterHint('go')}
          ?readonly=${running}
          .value=${live(prompt)}
          @input=${(event: Event) => act({ type: 'prompt', text: textOf(event) })}
          @keydown=${onSend(() => act({ type: 'start' }))}
        ></textarea>
        <div class="starters">${words.starters.map(text => starter(text, context))}</div>
      </div>
    </section>
    <div class="deck">
      <div class="settle">${modes(context)} ${swapper(context)} ${warmth(context)}</div>
      <div class="acts">${buttons(context)}</div>
    </div>
    ${onlyOne(state) ? html`<p class="aside-note">${words.oneModel}</p>` : nothing}
  `
}

/** Two models are wanted, and there are no two. */
const onlyOne = ({ mode, models }: State): boolean =>
  mode === 'models' && models.filter(({ ready }) => ready).length === 1

const starter = (text: string, { state, act }: Context): TemplateResult => html`
  <button
    class="chip"
    aria-disabled=${state.running}
    aria-pressed=${state.prompt === text}
    @click=${() => act({ type: 'prompt', text })}
  >
    ${text}
  </button>
`

const modes = ({ state, words, act }: Context): TemplateResult => html`
  <fieldset class="segments" ?disabled=${state.running}>
    <legend class="unseen">${words.mode}</legend>
    ${(['transports', 'models'] as const).map(
      mode => html`
        <label>
          <input
            type="radio"
            name="race-mode"
            .checked=${live(mode === state.mode)}
            @change=${() => act({ type: 'mode', mode })}
          />
          <span>${words.modes[mode]}</span>
        </label>
      `,
    )}
  </fieldset>
`

const warmth = ({ state, words, act }: Context): TemplateResult => html`
  <label class="check" title=${words.warmHint}>
    <input
      type="checkbox"
      ?disabled=${state.running}
      .checked=${live(state.warm)}
      @change=${() => act({ type: 'warm', warm: !state.warm })}
    />
    ${words.warm}
  </label>
`

const swapper = ({ state, words, act }: Context): TemplateResult => html`
  <button
    class="quiet"
    aria-label=${words.swap}
    title=${words.swap}
    ?disabled=${state.running}
    @click=${() => act({ type: 'swap' })}
  >
    ${icons.swap}
  </button>
`

/** Start and stop are one button, so that whoever pressed it keeps the focus. */
function buttons({ state, words, act }: Context): TemplateResult {
  const { running, cut, race } = state
  const started = race?.lanes.some(
    ({ startedAt, endedAt }) => startedAt !== undefined && endedAt === undefined,
  )
  return html`
    <button
      class="plain"
      title=${words.cutHint}
      ?disabled=${!running || cut || started !== true}
      @click=${() => act({ type: 'cut' })}
    >
      ${cut ? words.cutting : words.cut}
    </button>
    <button
      class="plain"
      title=${words.seriesHint}
      ?disabled=${!canStart(state)}
      @click=${() => act({ type: 'series' })}
    >
      ${words.series}
    </button>
    <button
      class="primary ${running ? 'halt' : ''}"
      ?disabled=${!running && !canStart(state)}
      @click=${() => act(running ? { type: 'stop', lane: undefined } : { type: 'start' })}
    >
      ${running ? words.stop : words.start}
    </button>
  `
}
