import t from 'tap'
import { sseWire } from '../support/wire-sse.ts'
import { streamLaws } from './stream.laws.ts'

streamLaws(t, (_t, url) => sseWire(url))
