/**
 * `npm run doctor -- https://chat.example.com`: looks at a server from the client's side and tells
 * whether something in between buffers, cuts idle connections or strips upgrades, and what to change.
 */
import { parseArgs } from 'node:util'
import { type Finding, toText } from './finding.ts'
import { checkIdle } from './idle.ts'
import { checkReach } from './reach.ts'
import { checkResume, resumeLater } from './resume.ts'
import { checkStream } from './stream.ts'
import { checkUpgrade } from './upgrade.ts'
import { Unreachable, type Visit } from './visit.ts'

const USAGE = `Usage: npm run doctor -- URL [--key KEY] [--idle SECONDS] [--model demo]
The key may also stand in the variable CHATAI_KEY. --idle 0 leaves the silent connections out.`

/** The embedded model is silent for no longer. */
const LONGEST_IDLE = 50

interface Asked {
  readonly visit: Visit
  readonly idle: number
}

/** Undefined where it was not asked for as it must be. */
function read(): Asked | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      idle: { type: 'string', default: '40' },
      model: { type: 'string', default: 'demo' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const [address = ''] = positionals
  const base = URL.parse(address.endsWith('/') ? address : `${address}/`)
  const idle = Number(values.idle)
  if (values.help === true || base === null || !/^https?:$/.test(base.protocol)) return undefined
  if (!(idle >= 0 && idle <= LONGEST_IDLE)) return undefined
  const key = values.key ?? process.env['CHATAI_KEY']
  return { visit: { base, key, model: values.model }, idle }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** Tells each finding at once; true if none is ill. */
async function examine({ visit, idle }: Asked): Promise<boolean> {
  let well = true
  const tell = (findings: readonly Finding[]): void => {
    for (const finding of findings) say(toText(finding))
    well &&= findings.every(({ health }) => health !== 'ill')
  }
  tell(await checkReach(visit))
  const stream = await checkStream(visit)
  tell(stream)
  // Of an answer that is held back to its end nothing can be cut or stopped in the middle.
  tell(stream[0]?.health === 'ill' ? [resumeLater] : await checkResume(visit))
  tell([await checkUpgrade(visit)])
  if (idle > 0) tell(await checkIdle(visit, idle))
  return well
}

try {
  const asked = read()
  if (asked === undefined) say(USAGE)
  const well = asked !== undefined && (await examine(asked))
  if (asked !== undefined)
    say(well ? 'Nothing stands in the way.' : 'See above for what to change.')
  process.exitCode = well ? 0 : asked === undefined ? 2 : 1
} catch (error) {
  say(error instanceof Unreachable || error instanceof TypeError ? error.message : String(error))
  process.exitCode = 2
}
