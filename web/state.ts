import type {
  ListedConversation as Conversation,
  ConversationWithTurns,
  ModelList,
  Turn,
} from '../src/transports/views.ts'
import type { Connection, Item, StartBody, Transport } from './link/link.ts'
import type { Figures } from './figures.ts'
import type { Live, Params, Waiting } from './live.ts'
import type { Settings, Shown, Tuning } from './settings.ts'
import type { Wire, WireChange } from './wire.ts'
import type { Language } from './words/words.ts'

export type Model = ModelList['models'][number]
export type { Conversation, ConversationWithTurns, Turn }

/** What this person wants; kept in the browser over reloads. */
export interface Choices {
  readonly language: Language
  readonly transport: Transport
  readonly model: string | undefined
  readonly params: Params
  /** Undefined is the system's. */
  readonly theme?: 'light' | 'dark' | undefined
  /** The list of conversations is folded away, where there is room for it. */
  readonly folded?: boolean
  /** Keys act together with others only, for those who meet single ones by chance. */
  readonly keysOff?: boolean
}

/** What went wrong beside an answer. */
export interface Notice {
  readonly code: string
  readonly message: string
  /** Seconds, where the server said when to come back. */
  readonly retryAfter?: number
}

/** A text that is being changed: a question (`turn`) or the title of a conversation. */
export interface Edit {
  readonly id: string
  readonly text: string
  /** It was begun by a shortcut. */
  readonly byKey?: boolean
}

/** A search through the conversations. */
export interface Search {
  /** As it is in the field. */
  readonly text: string
  /** What is found so far, newest first. */
  readonly found: readonly Conversation[]
  /** From where it goes on; undefined at the start and at the end. */
  readonly next: string | undefined
  /** `paused`: enough is found for now, and there may be more. */
  readonly doing: 'searching' | 'paused' | 'done' | 'failed'
}

/** A conversation that is deleted here. */
export interface Binned {
  readonly id: string
  readonly title: string
  /** It was the one that is shown. */
  readonly open: boolean
  /** It can be brought back: the server has not been told yet. */
  readonly kept: boolean
}

/** What was just brought in from files. */
export interface Imported {
  readonly count: number
  /** Of the one that is shown. */
  readonly title: string
}

/** Everything that the page shows. */
export interface State {
  readonly choices: Choices
  /** Why the key that was tried last does not open the page. */
  readonly keyed: Notice | undefined
  /** This browser has signed in with a key, and may sign out. */
  readonly signed: boolean
  /** What the page shows beside the list. */
  readonly place: 'chat' | 'race'
  /** Of the answer that is being written. */
  readonly connection: Connection
  readonly wire: Wire
  readonly models: readonly Model[]
  /** The longest request that the server takes; undefined as long as it has not said. */
  readonly importBytes: number | undefined
  /** Newest first; those in the bin are among them, and not shown. */
  readonly conversations: readonly Conversation[]
  /** Ms since the epoch, when they were last asked for: days are counted from here. */
  readonly listedAt: number
  /** The cursor of the next page of conversations; undefined on the last. */
  readonly more: string | undefined
  /** The conversation that is shown; undefined for a new one. */
  readonly open: string | undefined
  /** A conversation is on its way. */
  readonly loading: boolean
  readonly turns: readonly Turn[]
  readonly head: string | null
  /** At most one answer is watched: the one of the open conversation. */
  readonly live: Live | undefined
  /** The answer that was watched to its end, as long as it is the last thing that happened. */
  readonly heard: Live | undefined
  readonly draft: string
  /** What was typed in the other conversations; '' is a new one. */
  readonly drafts: Readonly<Record<string, string>>
  /** Changed settings that no answer was written with yet, by conversation; '' is a new one. */
  readonly settings: Readonly<Record<string, Settings>>
  /** What stands in fields of the settings and cannot be used. */
  readonly mistakes: Readonly<Record<string, string>>
  /** What was measured of answers, by generation. */
  readonly figures: Readonly<Record<string, Figures>>
  /** Folds that a person opened or closed: reasoning and figures, by the key of their line. */
  readonly folds: Readonly<Record<string, boolean>>
  /** When (`performance.now()`) the latest failure may be tried again; '' is a question not taken. */
  readonly again: { readonly key: string; readonly at: number } | undefined
  readonly editing: Edit | undefined
  readonly renaming: Edit | undefined
  readonly search: Search | undefined
  /** What is deleted here and may still be on the server, at most one of them kept. */
  readonly bin: readonly Binned[]
  readonly imported: Imported | undefined
  /** The conversation whose menu is open. */
  readonly menu: string | undefined
  /** A file is held over the list. */
  readonly dropping: boolean
  readonly notice: Notice | undefined
  /** The turn whose text was copied last. */
  readonly copied: string | undefined
  readonly panel: 'none' | 'list' | 'settings' | 'keys'
  /** The end of the transcript is kept in view. */
  readonly pinned: boolean
}

/** What a person wants. Views emit these and nothing else. */
export type Intent =
  | { readonly type: 'draft'; readonly text: string }
  | { readonly type: 'send' }
  | { readonly type: 'stop' }
  | { readonly type: 'retry' }
  | { readonly type: 'regenerate'; readonly turn: string }
  | { readonly type: 'edit'; readonly edit: Edit | undefined }
  | { readonly type: 'resend' }
  | { readonly type: 'version'; readonly turn: string }
  | { readonly type: 'choose'; readonly choices: Partial<Choices> }
  | { readonly type: 'tune'; readonly params: Tuning }
  | { readonly type: 'mistake'; readonly field: Shown; readonly text: string }
  | { readonly type: 'reset' }
  | { readonly type: 'fold'; readonly key: string; readonly open: boolean }
  | { readonly type: 'apply'; readonly mode: 'continue' | 'restart' }
  | { readonly type: 'open'; readonly id: string | undefined }
  | { readonly type: 'race' }
  | { readonly type: 'rename'; readonly edit: Edit | undefined }
  | { readonly type: 'retitle' }
  | { readonly type: 'menu'; readonly id: string | undefined }
  | { readonly type: 'delete'; readonly id: string }
  | { readonly type: 'undelete' }
  /** What can be brought back is let go. */
  | { readonly type: 'purge' }
  /** The way back is looked at, and waits; or no more. */
  | { readonly type: 'linger'; readonly over: boolean }
  | { readonly type: 'search'; readonly text: string }
  | { readonly type: 'export'; readonly id: string; readonly as: 'markdown' | 'json' }
  | { readonly type: 'import'; readonly files: readonly File[] }
  | { readonly type: 'dropping'; readonly over: boolean }
  | { readonly type: 'copy'; readonly turn: string; readonly text: string }
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'leave' }
  | { readonly type: 'more' }
  | { readonly type: 'panel'; readonly panel: State['panel'] }
  | { readonly type: 'pin'; readonly pinned: boolean }
  | { readonly type: 'dismiss' }
  | { readonly type: 'plug' }
  | { readonly type: 'focus'; readonly on: 'message' | 'search' | 'transcript' }

/** What the server said. */
export type News =
  | {
      readonly type: 'models'
      readonly models: readonly Model[]
      readonly limits?: ModelList['limits']
    }
  | {
      readonly type: 'listed'
      readonly conversations: readonly Conversation[]
      readonly next: string | undefined
      readonly after: string | undefined
      /** Ms since the epoch. */
      readonly at: number
    }
  | {
      readonly type: 'found'
      readonly text: string
      readonly conversations: readonly Conversation[]
      readonly next: string | undefined
      readonly after: string | undefined
      readonly doing: Search['doing']
    }
  /** It is gone from the server, or the server did not let it go. */
  | { readonly type: 'gone' | 'returned'; readonly id: string }
  | { readonly type: 'opened'; readonly id: string }
  /** Files came in; undefined once that was said for long enough. */
  | { readonly type: 'imported'; readonly imported: Imported | undefined }
  | { readonly type: 'loaded'; readonly conversation: ConversationWithTurns }
  /** `at` is `performance.now()` in all news; what has none is not measured. */
  | {
      readonly type: 'asked'
      readonly body: StartBody
      readonly parent: string | null
      readonly at?: number | undefined
    }
  | { readonly type: 'taken'; readonly generation: string }
  | { readonly type: 'items'; readonly items: readonly Item[]; readonly at?: number }
  | {
      readonly type: 'connection'
      readonly connection: Connection
      readonly waiting?: Waiting | undefined
    }
  | { readonly type: 'wire'; readonly change: WireChange }
  /** The page stood still: frozen by the browser, or asleep with its machine. */
  | { readonly type: 'slept' }
  | { readonly type: 'lost'; readonly notice: Notice; readonly at?: number }
  /** This conversation is there no more. */
  | { readonly type: 'vacated'; readonly id: string }
  /** A key was sent, and the page is as closed as before: it still asks for one. */
  | { readonly type: 'locked'; readonly notice: Notice }
  | { readonly type: 'copied'; readonly turn: string | undefined }
  | { readonly type: 'notice'; readonly notice: Notice | undefined }

export type Action = Intent | News
