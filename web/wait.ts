/** Time that runs out unless somebody stops it. */
export interface Wait {
  /** From the start; what was waited for before is waited for no more. */
  begin(): void
  /** It stands still … */
  hold(): void
  /** … and runs on with what was left of it. */
  release(): void
  cancel(): void
}

/** After `ms`, all in all, `then` is called once. */
export function createWait(ms: number, then: () => void): Wait {
  let left = 0
  let since = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function run(): void {
    since = Date.now()
    timer = setTimeout(() => {
      left = 0
      timer = undefined
      then()
    }, left)
  }
  function stop(): void {
    clearTimeout(timer)
    timer = undefined
  }

  return {
    begin() {
      stop()
      left = ms
      run()
    },
    hold() {
      if (timer === undefined) return
      left -= Date.now() - since
      stop()
    },
    release() {
      if (timer === undefined && left > 0) run()
    },
    cancel() {
      stop()
      left = 0
    },
  }
}
