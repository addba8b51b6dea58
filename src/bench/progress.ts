/** How far a run is, for whoever waits for it. */

export interface Progress {
  /** So many of all are done, and this is next. */
  show(done: number, next: string): void
  /** Leave the line to others. */
  clear(): void
}

/** As much of a stream as is written to: process.stderr, say. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const WIDTH = 30

/** One bar that stays where it is on a terminal; elsewhere a line for everything that is begun. */
export function createProgress(screen: Screen, all: number): Progress {
  if (screen.isTTY !== true) return lines(screen)
  return {
    show(done, next) {
      const full = all === 0 ? WIDTH : Math.floor((done / all) * WIDTH)
      const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`
      const percent = `${Math.floor(all === 0 ? 100 : (done / all) * 100)} %`.padStart(5)
      screen.write(`\r\u001b[K${`${bar} ${percent}  ${next}`.slice(0, (screen.columns ?? 80) - 1)}`)
    },
    clear: () => void screen.write('\r\u001b[K'),
  }
}

function lines(screen: Screen): Progress {
  let last = ''
  return {
    show(_, next) {
      if (next !== last) screen.write(`${next}\n`)
      last = next
    },
    clear: () => undefined,
  }
}
