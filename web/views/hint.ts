import { type TemplateResult, html } from 'lit-html'

/**
 * A control and what explains it: shown while it is pointed at or has the focus; Escape hides it,
 * as the platform does with what pops up. The control names `id` as what describes it.
 */
export const hinted = (
  id: string,
  control: TemplateResult,
  explanation: TemplateResult | string,
): TemplateResult => html`
  <span class="hinted" @mouseenter=${show} @focusin=${show} @mouseleave=${hide} @focusout=${hide}>
    ${control}
    <span class="hint-box" id=${id} role="tooltip" popover>${explanation}</span>
  </span>
`

const boxOf = (event: Event): HTMLElement | null =>
  (event.currentTarget as HTMLElement).querySelector('[popover]')

const show = (event: Event): void => void boxOf(event)?.togglePopover(true)
const hide = (event: Event): void => void boxOf(event)?.togglePopover(false)
