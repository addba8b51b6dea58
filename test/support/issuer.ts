/** An identity provider: real keys, published over real HTTP, and tokens signed with them. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, type JWK, SignJWT, exportJWK, generateKeyPair } from 'jose'
import type { Teardown } from './upstream.ts'

interface Key {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

export interface Issuer {
  /** The settings that make a server trust it. */
  readonly env: Readonly<Record<string, string>>
  /** What it publishes now. */
  readonly keys: readonly Key[]
  /** How often its keys were asked for. */
  readonly requests: number
  /** Requests that it has not answered, and that nobody has given up. */
  readonly held: number
  /** Its answers from here on: the keys, an error, garbage, the connection cut, or none at all. */
  mood: 'well' | 'failing' | 'garbage' | 'cutting' | 'silent'
  /** A new key, first of the list; the old ones stay unless `alone`. */
  rotate(alg?: string, alone?: 'alone'): Promise<Key>
  /** A good token for an hour from `at` (ms since the epoch), but for what is changed. */
  token(
    change?: Record<string, unknown>,
    by?: { key?: Key; at?: number; header?: object },
  ): Promise<string>
}

const AUDIENCE = 'chatai'

export async function startIssuer(t: Teardown): Promise<Issuer> {
  let requests = 0
  let held = 0
  let count = 0
  let keys: Key[] = []
  const server = createServer((_request, response) => {
    requests++
    if (issuer.mood === 'silent') {
      held++
      return response.once('close', () => held--)
    }
    if (issuer.mood === 'cutting') return response.destroy()
    if (issuer.mood === 'garbage') return response.end('<html>not now</html>')
    response.statusCode = issuer.mood === 'failing' ? 503 : 200
    return response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`

  const issuer: Issuer = {
    env: { JWT_JWKS_URL: `${url}/keys`, JWT_ISSUER: url, JWT_AUDIENCE: AUDIENCE },
    get keys() {
      return keys
    },
    get requests() {
      return requests
    },
    get held() {
      return held
    },
    mood: 'well',
    async rotate(alg = 'RS256', alone) {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
      const kid = `key-${++count}`
      const key = { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } }
      keys = alone ? [key] : [key, ...keys]
      return key
    },
    token(change = {}, { key = keys[0], at = Date.now(), header = {} } = {}) {
      if (key === undefined) throw new Error('rotate() makes a key')
      const iat = Math.floor(at / 1000)
      const claims = { iss: url, aud: AUDIENCE, sub: 'ada', iat, exp: iat + 3600, ...change }
      return new SignJWT(claims)
        .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
        .sign(key.privateKey)
    },
  }
  await issuer.rotate()
  return issuer
}
