import type { Ran } from './run.ts'

/** How much was tried, in a line: a run that did nothing proves nothing. */
export function summary({ history, outcome, kills }: Ran): string {
  const { readings, obeyed, asked } = history
  const events = readings.reduce((sum, { texts }) => sum + texts.length, 0)
  const of = (command: string): number => obeyed.filter(one => one.command === command).length
  return [
    `${kills} kills`,
    `${asked.length} questions`,
    `${outcome.logs.size} answers`,
    `${readings.length} connections`,
    `${events} events read`,
    `${of('stop')} stops`,
    `${of('update')} updates`,
  ].join(', ')
}
