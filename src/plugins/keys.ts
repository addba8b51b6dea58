import { createHash, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** The keys of API_KEYS, and whose each of them is. */
export interface Ring {
  readonly size: number
  /** The owner of that key, in a time that tells nothing about the keys; undefined if it is none. */
  find(key: string): string | undefined
  /** The owner that a name stands for, if a key has that name. */
  named(name: string): string | undefined
}

interface Entry {
  readonly name: string | undefined
  readonly key: string
}

/** A key of a header holds no colon (RFC 6750, section 2.1), so that one can part it from a name. */
const ENTRY = /^(?:([A-Za-z0-9][\w.-]{0,63}):)?([\x21-\x39\x3b-\x7e]+)$/

/**
 * A key without a name is owned by what cannot be turned back into it, not even by trying out the
 * weak ones: 60 ms a try, and this text in the place of a salt, as it must come out the same.
 */
const SALT = 'the owner of a key of ChatAI'
const OWNER_BYTES = 16
const derive = promisify<string, string, number, Buffer>(scrypt)

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * Reads `key` and `name:key` entries. What a named key makes belongs to the name, so that the key may
 * change, and two keys of one name are one owner's. Throws an Error of one sentence.
 */
export async function createRing(texts: readonly string[]): Promise<Ring> {
  const entries = texts.map(read)
  const names = new Set(entries.flatMap(({ name }) => name ?? []))
  const keys = await Promise.all(
    entries.map(async entry => ({ digest: digest(entry.key), owner: await ownerOf(entry) })),
  )
  if (new Set(entries.map(({ key }) => key)).size < entries.length) {
    throw new Error('The setting API_KEYS holds one key twice.')
  }
  return {
    size: keys.length,
    find(key) {
      const asked = digest(key)
      let owner: string | undefined
      // All of them are looked at, whichever it is.
      for (const one of keys) if (timingSafeEqual(one.digest, asked)) owner = one.owner
      return owner
    },
    named: name => (names.has(name) ? ownerOfName(name) : undefined),
  }
}

function read(text: string, index: number): Entry {
  const [, name, key] = ENTRY.exec(text) ?? []
  if (key !== undefined) return { name, key }
  const what = 'an entry is key or name:key, of visible ASCII characters'
  throw new Error(`Entry ${index + 1} of the setting API_KEYS cannot be read: ${what}.`)
}

const ownerOfName = (name: string): string => `key:${name}`

async function ownerOf({ name, key }: Entry): Promise<string> {
  if (name !== undefined) return ownerOfName(name)
  return `key#${(await derive(key, SALT, OWNER_BYTES)).toString('base64url')}`
}
