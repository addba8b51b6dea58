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
  save: icon(svg`<path d="M12 4v11M7 10.500l5 5 5-5M5 19.500h14" />`),
  left: icon(svg`<path d="m14 7-5 5 5 5" />`),
  right: icon(svg`<path d="m10 7 5 5-5 5" />`),
  down: icon(svg`<path d="M12 5v14M5.500 12.500 12 19l6.500-6.500" />`),
  close: icon(svg`<path d="m6.500 6.500 11 11M17.500 6.500l-11 11" />`),
  check: icon(svg`<path d="m5.500 12.500 4.500 4.500 8.500-9.500" />`),
}
