/**
 * A Chromium for the tests of the page: one that is installed, else the one that came with
 * `npm ci`, which brings the few libraries and the font that a bare Debian lacks.
 */
import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import {
  access,
  chmod,
  constants,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createBrotliDecompress } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'

/** A program to start, and what it needs in its environment. */
interface Program {
  readonly path: string
  readonly env: Readonly<Record<string, string>>
}

const names = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser', 'chrome']

/** Quiet: a test must see no request but the page's. */
const args = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-gpu',
  '--font-render-hinting=none',
  '--no-default-browser-check',
  '--no-first-run',
]

/** Start it. The browser is the caller's to close. */
export async function openBrowser(): Promise<Browser> {
  const { path, env } = (await findInstalled()) ?? (await unpack())
  return chromium.launch({
    executablePath: path,
    args,
    // As root, in a container say, Chromium does not start with it; and the pages are our own.
    chromiumSandbox: false,
    env: { ...process.env, ...env },
  })
}

async function findInstalled(): Promise<Program | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  const paths = names.flatMap(name => folders.map(folder => join(folder, name)))
  for (const path of [...paths, mac]) if (await canRun(path)) return { path, env: {} }
  return undefined
}

async function canRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/**
 * Unpacked once, beside the package, into a folder of its version. Two test files may do so at once: each
 * unpacks aside, and whoever is first gives the folder its name.
 */
async function unpack(): Promise<Program> {
  const from = new URL('../bin/', import.meta.resolve('@sparticuz/chromium'))
  const about = await readFile(new URL('../package.json', from), 'utf8')
  const { version } = JSON.parse(about) as { version: string }
  const cache = fileURLToPath(new URL('../../../.cache/', from))
  const home = join(cache, `chromium-${version}`)
  const program = {
    path: join(home, 'chromium'),
    env: { LD_LIBRARY_PATH: join(home, 'lib'), FONTCONFIG_PATH: home },
  }
  if (await canRun(program.path)) return program
  await mkdir(cache, { recursive: true })
  const aside = await mkdtemp(`${home}-`)
  await Promise.all([
    unbrotli(new URL('chromium.br', from), join(aside, 'chromium')),
    untar(new URL('al2023.tar.br', from), aside),
    untar(new URL('fonts.tar.br', from), aside),
  ])
  await chmod(join(aside, 'chromium'), 0o755)
  await writeFile(join(aside, 'fonts.conf'), fontsIn(home))
  await settle(aside, home)
  return program
}

/** The package's own file names folders of somewhere else; without a font Chromium ends itself. */
const fontsIn = (home: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${home}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
</fontconfig>
`

async function settle(aside: string, home: string): Promise<void> {
  try {
    await rename(aside, home)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
    await rm(aside, { recursive: true })
  }
}

const unbrotli = (from: URL, to: string): Promise<void> =>
  pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to))

async function untar(from: URL, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  const tar = spawn('tar', ['-x', '-C', to], { stdio: ['pipe', 'ignore', 'inherit'] })
  const exited = new Promise<void>((resolve, reject) => {
    tar.on('error', reject)
    tar.on('close', code =>
      code === 0
        ? resolve()
        : reject(new Error(`tar ended with ${code} on ${fileURLToPath(from)}`)),
    )
  })
  await pipeline(createReadStream(from), createBrotliDecompress(), tar.stdin)
  await exited
}
