import { type TemplateResult, html, nothing, svg } from 'lit-html'
import { toNumber } from '../format.ts'
import type { Lane } from '../lane.ts'
import type { At, State } from '../state.ts'
import { ceiling, speeds } from '../track.ts'
import type { Speech } from '../words.ts'

/** Units of the drawing; it is stretched to the width that there is. */
const WIDTH = 400
const HEIGHT = 48

interface Scale {
  /** What the whole width is, in ms from the start. */
  readonly ms: number
  /** What the whole height is, in tokens a second. */
  readonly speed: number
  /** The page's clock. */
  readonly now: number
}

/** The speed of a lane over time, on the scale of both, so that they can be laid over each other. */
export function curve(
  at: At,
  { state, words }: { readonly state: State; readonly words: Speech },
): TemplateResult {
  const { race, now } = state
  const lanes = race?.lanes ?? []
  const lane = race?.lanes[at]
  const scale: Scale = {
    now,
    ms: Math.max(LEAST_MS, ...lanes.map(one => lengthOf(one, now))),
    speed: ceiling(lanes.flatMap(one => speeds(one.track, lengthOf(one, now)))) * HEADROOM,
  }
  const own = lane ? speeds(lane.track, lengthOf(lane, now)) : []
  const peak = toNumber(Math.max(0, ...own))
  return html`
    <svg
      class="curve"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label=${words.curve(peak)}
    >
      ${lane ? drawing(lane, own, scale) : nothing}
    </svg>
  `
}

/** A race of a moment is not drawn as wide as one of a minute. */
const LEAST_MS = 3000
const HEADROOM = 1.1

const lengthOf = ({ startedAt, endedAt }: Lane, now: number): number =>
  startedAt === undefined ? 0 : (endedAt ?? now) - startedAt

function drawing(lane: Lane, own: readonly number[], scale: Scale): TemplateResult {
  const { stepMs } = lane.track
  const x = (ms: number): number => round((ms / scale.ms) * WIDTH)
  const y = (speed: number): number => round(HEIGHT - Math.min(speed / scale.speed, 1) * HEIGHT)
  const points = own.map((speed, i) => `${x((i + 0.5) * stepMs)} ${y(speed)}`)
  const [first, last] = [x(stepMs / 2), x((own.length - 0.5) * stepMs)]
  const awayOf = ({ from, to }: Lane['aways'][number]) => {
    const begin = x(from - (lane.startedAt ?? from))
    const end = x((to ?? scale.now) - (lane.startedAt ?? from))
    return svg`<rect class="away" x=${begin} y="0" width=${Math.max(2, end - begin)} height=${HEIGHT} />`
  }
  return svg`
    ${lane.aways.map(awayOf)}
    ${
      points.length < 2
        ? nothing
        : svg`
            <path class="area" d="M${first} ${HEIGHT} L${points.join(' L')} L${last} ${HEIGHT} Z" />
            <path class="line" d="M${points.join(' L')}" />
          `
    }
  `
}

const round = (value: number): number => Math.round(value * 10) / 10
