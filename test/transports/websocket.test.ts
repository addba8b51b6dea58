import t from 'tap'
import { websocketWire } from '../support/wire-websocket.ts'
import { streamLaws } from './stream.laws.ts'

streamLaws(t, websocketWire)
