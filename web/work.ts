/** Work that is not to hold the page up: in one task as much as the limit, the rest in the next ones. */
export type Work = (cost: number, run: () => void) => void

/** What a task may cost, in characters of Markdown that are read and drawn: some 10 ms. */
const LIMIT = 8 * 1024

interface Job {
  readonly cost: number
  readonly run: () => void
}

/** Done in the order in which it is asked for; at once, as long as the task has not cost too much. */
function createWork(later: (run: () => void) => void): Work {
  const waiting: Job[] = []
  let spent = 0
  let asked = false

  function goOn(): void {
    asked = false
    spent = 0
    while (spent < LIMIT) {
      const job = waiting.shift()
      if (!job) return
      spent += job.cost
      // What it does may ask for more.
      ask()
      job.run()
    }
  }

  function ask(): void {
    if (asked) return
    asked = true
    later(goOn)
  }

  return (cost, run) => {
    ask()
    if (waiting.length > 0 || spent >= LIMIT) {
      waiting.push({ cost, run })
      return
    }
    spent += cost
    run()
  }
}

/** The page's own. */
export const work = createWork(run => setTimeout(run))
