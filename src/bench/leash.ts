/**
 * Loaded into every program of a run: it ends with the process that began it, however that ended,
 * and throws away what nobody holds when it is told to, and tells what is left.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

process.on('disconnect', () => process.exit(0))
process.on('message', message => {
  if (message !== 'collect') return
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how: object) => void
  // As if memory had run out: even what V8 keeps for the next objects is given back.
  collect({ flavor: 'last-resort' })
  // At once: what is made from here on is thrown away soon, and is nobody's.
  process.send?.(process.memoryUsage.rss())
})
