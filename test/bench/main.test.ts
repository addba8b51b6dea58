/** `npm run bench` as its users run it, ended in every way. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Run } from '../../src/bench/run.ts'

const MAIN = fileURLToPath(new URL('../../src/bench/main.ts', import.meta.url))

/** Where the runs put what they need for themselves. */
const temporary = t.testdir()

interface Started {
  readonly child: ChildProcess
  /** Resolves when it has said this on stderr. */
  said(text: string): Promise<void>
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>
}

function start(...args: string[]): Started {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    stdout,
    stderr,
  }))
  return {
    child,
    ended,
    async said(text) {
      while (!stderr.includes(text)) await once(child.stderr, 'data')
    },
  }
}

const childrenOf = (pid = 0): number[] =>
  spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .stdout.trim()
    .split(/\s+/)
    .filter(text => text !== '')
    .map(Number)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const SMALL = ['--only', 'turns', '--rounds', '3', '--store', 'memory']

t.test('a run ends with a table and three files, and leaves no process', async t => {
  const out = join(t.testdir(), 'results')
  const { child, ended, said } = start(...SMALL, '--out', out)
  await said('turns, round 2:')
  const children = childrenOf(child.pid)
  const { code, stdout, stderr } = await ended
  t.equal(code, 0)
  t.match(stdout, 'ten turns (ms)')
  t.match(stderr, /Written: .*bench\.json/)
  t.match(stderr, /Measured in \d+ s\./)
  t.same(readdirSync(out).sort(), ['bench.html', 'bench.json', 'bench.md'])
  t.ok(children.length > 3)
  t.notOk(children.some(isAlive))
})

t.test('Ctrl-C writes what is there as part of a run, and leaves no process', async t => {
  const out = t.testdir()
  const { child, ended, said } = start(...SMALL, '--rounds', '1000', '--out', out)
  await said('turns, round 2:')
  const children = childrenOf(child.pid)
  child.kill('SIGINT')
  const { code } = await ended
  t.equal(code, 130)
  const run = JSON.parse(readFileSync(join(out, 'bench.json'), 'utf8')) as Run
  t.ok(run.partial)
  t.ok(run.samples.length > 0)
  t.notOk(children.some(isAlive))
})

t.test('a second Ctrl-C does not wait, and leaves nothing either', async t => {
  const { child, ended, said } = start(...SMALL, '--out', t.testdir())
  await said('turns, round 1:')
  t.equal(readdirSync(temporary).length, 1)
  child.kill('SIGINT')
  child.kill('SIGTERM')
  const { code } = await ended
  t.equal(code, 130)
  t.same(readdirSync(temporary), [])
})

t.test('an error is one sentence, and leaves no process', async t => {
  const { ended, child, said } = start('--only', 'first', '--out', t.testdir())
  await said('round 1: obvious')
  const children = childrenOf(child.pid)
  const [upstream = 0] = children.toSorted((one, other) => one - other)
  process.kill(upstream, 'SIGKILL')
  const { code, stderr } = await ended
  t.equal(code, 1)
  t.match(stderr.trim().split('\n').at(-1), /^The bench broke off in first of /)
  t.notOk(children.some(isAlive))
})

t.test('what cannot be reached is said, and a wrong option, and help', async t => {
  const file = join(t.testdir({ file: '' }), 'file')
  const [gone, wrong, none, nowhere, help] = await Promise.all([
    start('--base-url', 'http://127.0.0.1:1', '--out', t.testdirName).ended,
    start('--rounds', 'all').ended,
    start('--base-url', 'http://127.0.0.1:1', '--only', 'storm', '--out', t.testdirName).ended,
    start('--out', file).ended,
    start('--help').ended,
  ])
  t.equal(gone.code, 1)
  t.match(gone.stderr, /ECONNREFUSED/)
  t.equal(wrong.code, 2)
  t.match(wrong.stderr, /^--rounds takes [^\n]*\n$/)
  t.equal(none.code, 1)
  t.match(none.stderr, /^None of that can be measured [^\n]*\n$/)
  t.equal(nowhere.code, 2)
  t.match(nowhere.stderr, /^--out takes a folder [^\n]*\n$/)
  t.same(readdirSync(temporary), [])
  t.equal(help.code, 0)
  t.match(help.stdout, '--base-url')
})
