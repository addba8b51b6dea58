/** What `--only` chooses from, in the order in which it is measured. */
export const names = [
  'first',
  'pace',
  'bytes',
  'saturation',
  'short',
  'stop',
  'resume',
  'turns',
  'storm',
  'slow',
  'memory',
] as const

export type Name = (typeof names)[number]
