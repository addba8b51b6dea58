const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
  copy: '©',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  middot: '·',
  times: '×',
  rarr: '→',
  larr: '←',
}

/** Character references as Markdown knows them; an unknown one stays as it was written. */
export const decode = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{1,8}));/g,
    (whole, dec, hex, name) =>
      name ? named(name, whole) : character(hex ? Number.parseInt(hex, 16) : Number(dec)),
  )

const named = (name: string, whole: string): string =>
  Object.hasOwn(entities, name) ? (entities[name] ?? whole) : whole

const character = (code: number): string =>
  code === 0 || code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code)
