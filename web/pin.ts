/** Where a scroller is, in CSS pixels. */
export interface Place {
  /** Its `scrollTop`, and what that was when it was looked at last. */
  readonly top: number
  readonly before: number
  /** From the lower edge of what is in view to the end of all there is. */
  readonly gap: number
}

/** Whoever comes so near to the end, in CSS pixels, follows it again. */
const NEAR_END = 32

/**
 * Whether the end is to be kept in view. The least scroll upwards ends that, so that nobody has to
 * pull against a page that pulls back; what only became shorter is at its end all the same.
 */
export function pinnedAt({ top, before, gap }: Place, pinned: boolean): boolean {
  if (gap <= 1) return true
  if (top < before) return false
  return pinned || gap < NEAR_END
}

/** Keeps the end of a scroller in view while the page says so. */
export interface Pin {
  /** To be called when the page was drawn: `pinned` may have changed, or the scroller have come. */
  drawn(): void
}

export interface PinParts {
  readonly scroller: () => HTMLElement | null
  readonly pinned: () => boolean
  /** A person scrolled away from the end, or back to it. */
  readonly change: (pinned: boolean) => void
}

/**
 * The end moves when something grows: the answer, a block that is painted, a window that is made
 * smaller. The browser tells when it has laid that out, so nothing has to be laid out twice.
 */
export function createPin({ scroller, pinned, change }: PinParts): Pin {
  const observer = new ResizeObserver(() => pinned() && toEnd())
  let watched: HTMLElement | undefined
  let kept = pinned()
  let before = 0

  function toEnd(): void {
    if (!watched) return
    watched.scrollTop = watched.scrollHeight
    before = watched.scrollTop
  }

  function onScroll(): void {
    if (!watched) return
    const { scrollTop: top, scrollHeight, clientHeight } = watched
    const next = pinnedAt({ top, before, gap: scrollHeight - top - clientHeight }, pinned())
    before = top
    if (next !== pinned()) change(next)
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
      if (pinned() && !kept) toEnd()
      kept = pinned()
    },
  }
}
