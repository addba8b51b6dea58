/** The way to the server with a plug in it: what comes over it is counted, and it can be pulled. */
export interface Plug {
  readonly fetch: typeof fetch
  readonly WebSocket: typeof WebSocket
  /** Cut every connection as a lost network would; none is made until `mend`. */
  cut(): void
  mend(): void
  /** Bytes that came in so far, as a page can see them: without heads and framing. */
  bytes(): number
}

/** `told` hears of every attempt to reach the server how it went; an attempt given up says nothing. */
export function createPlug(told: (reached: boolean) => void = () => undefined): Plug {
  let pulled = new AbortController()
  let total = 0
  const count = (bytes: number): void => void (total += bytes)
  const { signal: never } = new AbortController()

  async function reach(input: RequestInfo | URL, init: RequestInit): Promise<Response> {
    const own = init.signal ?? never
    try {
      const response = await fetch(input, {
        ...init,
        signal: AbortSignal.any([pulled.signal, own]),
      })
      told(!isGateway(response))
      return response
    } catch (error) {
      if (!own.aborted) told(false)
      throw error
    }
  }

  const plugged: typeof fetch = async (input, init = {}) => {
    const response = await reach(input, init)
    if (response.body === null) return response
    return new Response(response.body.pipeThrough(counter(count)), response)
  }

  return {
    fetch: plugged,
    WebSocket: socketWith({ pulled: () => pulled.signal, count, told }),
    cut: () => pulled.abort(new TypeError('The plug is pulled.')),
    mend() {
      if (pulled.signal.aborted) pulled = new AbortController()
    },
    bytes: () => total,
  }
}

/** What a socket does with the plug. */
interface Wiring {
  /** Of now: aborted while the plug is pulled, aborts when it is. */
  readonly pulled: () => AbortSignal
  readonly count: (bytes: number) => void
  readonly told: (reached: boolean) => void
}

function socketWith({ pulled, count, told }: Wiring): typeof WebSocket {
  return class extends WebSocket {
    #left = false

    constructor(...address: ConstructorParameters<typeof WebSocket>) {
      super(...address)
      const signal = pulled()
      const learn = once(told)
      const cut = (): void => {
        // A lost network says nothing: no closing handshake is waited for.
        this.dispatchEvent(new CloseEvent('close', { code: 1006 }))
        super.close()
      }
      this.addEventListener('message', ({ data }) => count(sizeOf(data)))
      this.addEventListener('open', () => learn(true))
      this.addEventListener('close', () => {
        signal.removeEventListener('abort', cut)
        if (!this.#left) learn(false)
      })
      if (signal.aborted) queueMicrotask(cut)
      else signal.addEventListener('abort', cut)
    }

    override close(...reason: Parameters<WebSocket['close']>): void {
      this.#left = true
      super.close(...reason)
    }
  }
}

/** A socket opens or closes first; the rest of its life says nothing new. */
function once(told: (reached: boolean) => void): (reached: boolean) => void {
  let known = false
  return reached => {
    if (!known) told(reached)
    known = true
  }
}

/** A proxy that answers because the server does not; the server itself would say why, in JSON. */
const isGateway = ({ status, headers }: Response): boolean =>
  status >= 502 && status <= 504 && headers.get('content-type')?.includes('json') !== true

const counter = (count: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> =>
  new TransformStream({
    transform(chunk, controller) {
      count(chunk.byteLength)
      controller.enqueue(chunk)
    },
  })

const encoder = new TextEncoder()
const sizeOf = (data: unknown): number => encoder.encode(String(data)).byteLength
