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

export function createPlug(): Plug {
  let pulled = new AbortController()
  let total = 0
  const count = (bytes: number): void => void (total += bytes)
  const { signal: never } = new AbortController()

  const plugged: typeof fetch = async (input, init) => {
    const limit = AbortSignal.any([pulled.signal, init?.signal ?? never])
    const response = await fetch(input, { ...init, signal: limit })
    if (response.body === null) return response
    return new Response(response.body.pipeThrough(counter(count)), response)
  }

  class PluggedSocket extends WebSocket {
    constructor(...address: ConstructorParameters<typeof WebSocket>) {
      super(...address)
      const { signal } = pulled
      const cut = (): void => {
        // A lost network says nothing: no closing handshake is waited for.
        this.dispatchEvent(new CloseEvent('close', { code: 1006 }))
        this.close()
      }
      this.addEventListener('message', ({ data }) => count(sizeOf(data)))
      this.addEventListener('close', () => signal.removeEventListener('abort', cut))
      if (signal.aborted) this.close()
      else signal.addEventListener('abort', cut)
    }
  }

  return {
    fetch: plugged,
    WebSocket: PluggedSocket,
    cut: () => pulled.abort(new TypeError('The plug is pulled.')),
    mend() {
      if (pulled.signal.aborted) pulled = new AbortController()
    },
    bytes: () => total,
  }
}

const counter = (count: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> =>
  new TransformStream({
    transform(chunk, controller) {
      count(chunk.byteLength)
      controller.enqueue(chunk)
    },
  })

const encoder = new TextEncoder()
const sizeOf = (data: unknown): number => encoder.encode(String(data)).byteLength
