/** What a check found: how it is, and where it is not well, what to change. */
export interface Finding {
  readonly check: string
  readonly health: 'well' | 'doubtful' | 'ill' | 'unknown'
  /** One sentence with the figures. */
  readonly said: string
  /** Settings of proxies, where they are what helps. */
  readonly remedy?: string
}

const marks = { well: 'ok  ', doubtful: 'hm  ', ill: 'BAD ', unknown: '?   ' } as const
const INDENT = '    '

/** A finding as it stands in the terminal. */
export function toText({ check, health, said, remedy }: Finding): string {
  const advice =
    remedy === undefined ? '' : `\n${INDENT}→ ${remedy.replaceAll('\n', `\n${INDENT}  `)}`
  return `${marks[health]}${check}: ${said}${advice}`
}

/** What to set where something in between holds the stream back. */
export const unbuffer = [
  'nginx: proxy_buffering off; (or do not let proxy_ignore_headers drop X-Accel-Buffering)',
  'HAProxy: option http-no-delay',
  'a CDN or a compressing proxy: no compression and no buffering for text/event-stream',
].join('\n')

export const letUpgrade = [
  'nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";',
  'Apache: ProxyPass with upgrade=websocket. HAProxy and Caddy let upgrades through by themselves.',
].join('\n')

export const keepIdle = [
  'nginx: proxy_read_timeout and proxy_send_timeout above HEARTBEAT_MS (15 s unless set)',
  'HAProxy: timeout client, timeout server and timeout tunnel above it',
  'or set HEARTBEAT_MS of the server below what cuts the connection',
].join('\n')
