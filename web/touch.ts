/**
 * Whether there are only fingers to point with, and so most likely no keyboard but that on the
 * screen: no page is told of keyboards, but one that is attached rarely comes without a pointer.
 */
export const onlyTouch = (): boolean =>
  matchMedia('(pointer: coarse) and (not (any-pointer: fine))').matches
