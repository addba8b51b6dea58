import { type Link, LinkError, openLink } from '../link/link.ts'
import { request } from '../link/request.ts'
import { noticeOf } from '../notice.ts'
import { createPlug } from '../plug.ts'
import type { Lane } from './lane.ts'
import type { At, News } from './state.ts'

/** The server, and when it is. */
export interface Course {
  readonly base: URL
  readonly key: string | undefined
  /** The page's clock in ms. */
  readonly clock: () => number
}

export interface RunnerParts extends Course {
  readonly at: At
  /** The lane as it is now. */
  readonly lane: () => Lane
  readonly dispatch: (news: News) => void
  /** The race is over: every connection closes. */
  readonly signal: AbortSignal
}

/** A start that nobody wants any more has so long to say what it started. */
const PATIENCE_MS = 2000

/** Runs on one lane, over a plug of its own. None of its promises rejects. */
export interface Runner {
  /** Have a connection open before the start. */
  warm(): Promise<void>
  /** From the start to the end, and the look into the server's record. */
  run(): Promise<void>
  stop(): Promise<void>
  /** Stop at once: nobody watches any more. */
  leave(): Promise<void>
  cut(): void
  mend(): void
}

export function createRunner(parts: RunnerParts): Runner {
  const { at: number, lane, dispatch, clock } = parts
  const api = { base: new URL('api/ai/', parts.base), key: parts.key }
  const plug = createPlug()
  const given = new AbortController()
  const signal = AbortSignal.any([parts.signal, given.signal])
  // What was received before the start is not the race's.
  let before = 0
  let giving: ReturnType<typeof setTimeout> | undefined

  const measured = () => ({ lane: number, at: clock(), bytes: plug.bytes() - before })
  const link: Link = openLink(lane().entrant.transport, {
    base: parts.base,
    ...(parts.key !== undefined && { key: parts.key }),
    signal,
    fetch: plug.fetch,
    WebSocket: plug.WebSocket,
    onState: connection => dispatch({ type: 'connection', connection, ...measured() }),
  })
  const isOver = (): boolean => lane().live.end !== undefined

  /** Do something on the lane; what goes wrong ends it. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      if (!isOver()) await work()
    } catch (error) {
      if (!signal.aborted) dispatch({ type: 'lost', notice: noticeOf(error), ...measured() })
    }
  }

  async function race(): Promise<void> {
    before = plug.bytes()
    const body = lane().live.asked?.body ?? {}
    dispatch({ type: 'off', lane: number, at: clock() })
    const generation = await link.start(body)
    // Nobody wants it any more.
    if (isOver()) return quit(generation)
    dispatch({ type: 'taken', lane: number, generation })
    for await (const items of link.events(generation, 0)) {
      dispatch({ type: 'items', items, ...measured() })
    }
    dispatch({ type: 'recorded', lane: number, record: await compare(generation) })
  }

  /** What the lane shows, against what the server has kept. */
  async function compare(generation: string): Promise<Lane['record']> {
    const path = `chat/generations/${generation}`
    const response = await request({ ...api, fetch: plug.fetch }, path, { signal })
    const { text, seq } = (await response.json()) as { text: string; seq: number }
    const { live } = lane()
    return text === live.text && seq === live.seq ? 'same' : 'different'
  }

  /** Ask for something small, so that there is a connection. */
  async function knock(): Promise<void> {
    const { transport } = lane().entrant
    if (transport === 'sse') await request({ ...api, fetch: plug.fetch }, 'models', { signal })
    else await link.stop(NOBODY).catch(ignoreMissing)
  }

  /** A start that is under way is waited for a little, to stop what comes of it. */
  function giveUp(): void {
    if (!isOver()) dispatch({ type: 'given-up', ...measured() })
    giving ??= setTimeout(() => given.abort(), PATIENCE_MS)
  }

  /** Stop it, whoever is here to see it: also while the page is closed. */
  async function quit(generation: string): Promise<void> {
    const init = { method: 'POST', body: '{}', keepalive: true }
    const away = { ...api, fetch: (...what: Parameters<typeof fetch>) => fetch(...what) }
    await request(away, `chat/generations/${generation}/stop`, init)
  }

  return {
    warm: () => attempt(knock),
    run: () => attempt(race).finally(() => clearTimeout(giving)),
    async stop() {
      const { generation } = lane().live
      if (generation === undefined) giveUp()
      else await attempt(() => link.stop(generation))
    },
    async leave() {
      const { generation } = lane().live
      if (isOver()) return
      giveUp()
      if (generation === undefined) return
      given.abort()
      // If it cannot be told, the server ends by itself what nobody watches.
      await quit(generation).catch(() => undefined)
    },
    cut: () => plug.cut(),
    mend: () => plug.mend(),
  }
}

/** A generation that nobody has: to ask for its end changes nothing. */
const NOBODY = `gen_${'0'.repeat(22)}`

function ignoreMissing(error: unknown): void {
  if (!(error instanceof LinkError) || error.code !== 'not_found') throw error
}
