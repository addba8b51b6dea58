/** All scenarios by name. */
import type { Name } from './names.ts'
import type { Scenario } from './scenario.ts'
import { bytes } from './scenarios/bytes.ts'
import { first } from './scenarios/first.ts'
import { memory } from './scenarios/memory.ts'
import { pace } from './scenarios/pace.ts'
import { resume } from './scenarios/resume.ts'
import { saturation } from './scenarios/saturation.ts'
import { short } from './scenarios/short.ts'
import { slow } from './scenarios/slow.ts'
import { stop } from './scenarios/stop.ts'
import { storm } from './scenarios/storm.ts'
import { turns } from './scenarios/turns.ts'

export const scenarios: Readonly<Record<Name, Scenario>> = {
  first,
  pace,
  bytes,
  saturation,
  short,
  stop,
  resume,
  turns,
  storm,
  slow,
  memory,
}
