/** What all live answers keep in memory together, and who has to go when that is too much. */
export interface Room {
  /** There is none for another answer. */
  readonly full: boolean
  /** Another answer, which keeps nothing yet. */
  enter(): Share
}

export interface Share {
  /**
   * It keeps so many bytes by now. False when all answers together are too large and this one is no
   * smaller than the average: the large ones make room for the others.
   */
  keep(bytes: number): boolean
  leave(): void
}

export function createRoom(limit: number): Room {
  let used = 0
  let shares = 0

  return {
    get full() {
      return used >= limit
    },
    enter() {
      let own = 0
      shares++
      return {
        keep(bytes) {
          used += bytes - own
          own = bytes
          return used <= limit || own * shares < used
        },
        leave() {
          used -= own
          shares--
        },
      }
    },
  }
}
