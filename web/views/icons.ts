import { type TemplateResult, html, svg } from 'lit-html'

const icon = (shape: TemplateResult): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`

/** Line drawings of our own: nothing is loaded for them, and they take the colour of the text. */
export const icons = {
  send: icon(svg`<path d="M12 19V5M5.5 11.5 12 5l6.5 6.5" />`),
  stop: icon(svg`<rect class="solid" x="7" y="7" width="10" height="10" rx="2" />`),
  plus: icon(svg`<path d="M12 5v14M5 12h14" />`),
  menu: icon(svg`<path d="M4 7h16M4 12h16M4 17h16" />`),
  sliders: icon(
    svg`<path d="M4 8h9M19 8h1M4 16h1M11 16h9" /><circle cx="16" cy="8" r="2.5" /><circle cx="8" cy="16" r="2.5" />`,
  ),
  pen: icon(
    svg`<path d="m5 19 .8-3.6L16.2 5a1.7 1.7 0 0 1 2.4 0l.4.4a1.7 1.7 0 0 1 0 2.4L8.6 18.2z" />`,
  ),
  bin: icon(svg`<path d="M5 7h14M10 7V5h4v2M7 7l.8 12h8.4L17 7" />`),
  again: icon(svg`<path d="M19 12a7 7 0 1 1-2.2-5.1L19 9M19 4.5V9h-4.5" />`),
  copy: icon(
    svg`<rect x="9" y="9" width="10.5" height="10.5" rx="2" /><path d="M5.5 15H5V6.500A1.500 1.500 0 0 1 6.500 5H15v.5" />`,
  ),
  left: icon(svg`<path d="m14 7-5 5 5 5" />`),
  right: icon(svg`<path d="m10 7 5 5-5 5" />`),
  down: icon(svg`<path d="M12 5v14M5.500 12.500 12 19l6.500-6.500" />`),
  search: icon(svg`<circle cx="11" cy="11" r="6" /><path d="m15.500 15.500 4 4" />`),
  dots: icon(
    svg`<circle class="solid" cx="6" cy="12" r="1.600" /><circle class="solid" cx="12" cy="12" r="1.600" /><circle class="solid" cx="18" cy="12" r="1.600" />`,
  ),
  save: icon(svg`<path d="M12 4.500v11M7.500 11.500 12 16l4.500-4.500M5 19.500h14" />`),
  open: icon(svg`<path d="M12 16V5M7.500 9.500 12 5l4.500 4.500M5 19.500h14" />`),
  close: icon(svg`<path d="m6.500 6.500 11 11M17.500 6.500l-11 11" />`),
  flag: icon(svg`<path d="M6 21V4M6 5c4-2.500 8 2.500 12 0v9c-4 2.500-8-2.500-12 0" />`),
  swap: icon(
    svg`<path d="M7 8h12M15.500 4.500 19 8l-3.500 3.500M17 16H5M8.500 12.500 5 16l3.500 3.500" />`,
  ),
  // A full dot, an arc that has not closed yet, and a ring with a stroke through it.
  connected: icon(
    svg`<circle class="solid" cx="12" cy="12" r="3.500" /><circle cx="12" cy="12" r="7.500" />`,
  ),
  resuming: icon(
    svg`<path d="M19.500 12a7.500 7.500 0 1 1-4.900-7.040M14.600 1.800v3.500h-3.500" />`,
  ),
  offline: icon(svg`<circle cx="12" cy="12" r="7.500" /><path d="m6.700 6.700 10.600 10.600" />`),
  plug: icon(svg`<path d="M9 4v4M15 4v4M6.500 8h11v2.500a5.500 5.500 0 0 1-11 0zM12 16v4.500" />`),
  unplugged: icon(
    svg`<path d="M9 2.500v4M15 2.500v4M6.500 6.500h11V9a5.500 5.500 0 0 1-11 0zM12 14.500v2M8 19.500h.01M16 19.500h.01M12 21.500v-1" />`,
  ),
  keyboard: icon(
    svg`<rect x="3" y="6.500" width="18" height="11" rx="2" /><path d="M7 10.500h.01M10.500 10.500h.01M14 10.500h.01M17.300 10.500h.01M8 14h8" />`,
  ),
  check: icon(svg`<path d="m5.500 12.500 4.500 4.500 8.500-9.500" />`),
}
