/** So near to its end, in CSS pixels, the transcript is kept at it. */
const NEAR_END = 32

/** Keeps the end of a scroller in view while the page says so. */
export interface Pin {
  /** To be called when the page was drawn: `pinned` may have changed, or the scroller have come. */
  drawn(): void
}

interface Parts {
  readonly scroller: () => HTMLElement | null
  readonly pinned: () => boolean
  /** A person scrolled away from the end, or back to it. */
  readonly change: (pinned: boolean) => void
}

/**
 * The end moves when something grows: the answer, a block that is painted, a window that is made
 * smaller. The browser tells when it has laid that out, so nothing has to be laid out twice.
 */
export function createPin({ scroller, pinned, change }: Parts): Pin {
  const observer = new ResizeObserver(toEnd)
  let watched: HTMLElement | undefined
  let before = pinned()
  let top = 0

  function toEnd(): void {
    if (pinned() && watched) watched.scrollTop = watched.scrollHeight
  }

  /** Only a person scrolls up: that the end went further down is no reason to let go of it. */
  function onScroll(): void {
    if (!watched) return
    const { scrollHeight, scrollTop, clientHeight } = watched
    const near = scrollHeight - scrollTop - clientHeight < NEAR_END
    const still = near || (pinned() && scrollTop >= top)
    top = scrollTop
    if (still !== pinned()) change(still)
  }

  function watch(element: HTMLElement): void {
    watched = element
    observer.disconnect()
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    element.addEventListener('scroll', onScroll, { passive: true })
  }

  return {
    drawn() {
      const element = scroller()
      if (element && element !== watched) watch(element)
      const now = pinned()
      if (now && !before) toEnd()
      before = now
    },
  }
}
