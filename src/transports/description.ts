import { ids } from './examples.ts'

/** The text of openapi.yaml: what OpenAPI has no words for, the events' order and the WebSocket. */
export const description = `
A **generation** (one answer of one model) is a numbered, append-only log of events; a client is a
cursor into it. Watching live, resuming after a drop and reading an old answer are the same call
with another number. The JSON text of an event is byte-identical on SSE and on WebSocket, and
neither can do anything that the other cannot.

\`\`\`
curl -N 'http://127.0.0.1:8080/api/ai/chat/sse?message=Hello'
\`\`\`

The chat page is at \`GET /\`, and the last benchmark that was made here at \`/bench/bench.json\`
(204 where there is none) and \`/bench/bench.html\`. With \`API_KEYS\` or \`JWT_JWKS_URL\` set, every request
under \`/api/\` needs a key, or a token of that identity provider, as \`Authorization: Bearer <key>\`. What
one key or person makes does not exist for another: 404, on every route and transport.

## Events
Every event is one JSON object on one line, see the schema \`Event\`. \`started\` is always seq 1, sent
before the model has said anything; exactly one \`done\` or \`failed\` is always last. The concatenation
of the \`text\` events is the answer; \`updated\` with \`mode: restart\` drops the text so far. Nothing
reaches a client before the store has it: what was seen before a crash is there after it, under the
same seq; a generation that a crash left open gets \`failed\`, code \`interrupted\`.

## Resuming
An SSE event's \`id\` is \`<generation>:<seq>\`. Send the last one back as \`Last-Event-ID\`, on any of
the streaming routes, and the stream goes on after it; on a POST the body is then ignored and nothing
is started. \`retry\` says how long to wait before. A response that ended without a terminal event was
cut, or was old, or its token has ended: come back. A client that has seen the terminal event gets 204. A cursor ahead of the log (after a
power cut took its tail) gets 409: drop the text and read from the start. A start that may be sent
twice carries an \`Idempotency-Key\`: it returns the generation that the first one started.

A client that was generated from this text and keeps one media type of each response can be given
\`text/event-stream\` for \`chat\`; or it uses \`startGeneration\`, then \`attach\`.

## Conversations
A search finds what stands in a title or in any version of a turn, as it is written, letters upper or
lower case; answers that are still being written are not searched. A page of it may be short, even
empty, while there is a \`next\`. An import takes a \`ConversationFile\` and makes new ids; what it says of
times is kept, but for times to come. Both are done by \`chat/conversations\`.

## WebSocket, \`GET /api/ai/chat/websocket\`
Text frames, one JSON object each; many generations share one socket. The sub-protocol \`chatai.v1\` is
offered and not required; a browser, which cannot set a header, names its key or token beside it, as
\`bearer.<key>\`, percent-encoded. Commands carry an \`id\` of the client's choosing (1 to 128 characters):

\`\`\`
{"id":"1","type":"start","message":"Hello!","model":"demo"}
{"id":"2","type":"attach","generation":"${ids.generation}","after":12}
{"id":"3","type":"detach","generation":"${ids.generation}"}
{"id":"4","type":"stop","generation":"${ids.generation}"}
{"id":"5","type":"update","generation":"${ids.generation}","params":{"temperature":0.2}}
\`\`\`

\`start\` takes the fields of the schema \`Start\` and attaches; \`update\` takes those of \`Update\`;
\`attach\` without \`after\` reads from the start, and a second one takes the place of the first. Each
does what its HTTP twin does. Replies:

\`\`\`
{"id":"1","type":"accepted","generation":"${ids.generation}"}
{"id":"1","type":"rejected","code":"conflict","message":"An answer is being written in this conversation. Stop it or wait for it."}
\`\`\`

\`accepted\` comes before the events that the command caused, and for \`stop\` and \`update\` when it is
done. To an \`attach\` that has seen the last event already it says \`"ended":true\`, as HTTP says 204:
nothing will come. \`rejected\` may have \`retryAfter\`, and its \`id\` is null where the command had
none that could be read; the socket stays open. Events come as they are, without an envelope. The
server pings; a client that misses two pongs is gone. Closing the socket is a detach: after a drop,
attach again at the last seq.

With \`?format=text\` the server sends the bare text of the answer in text frames; a frame that is not
a JSON object is a message, an object without \`type\` (\`{"modelType":"demo","message":"Hello!"}\`) is a
start, and closing the socket stops the answer.

Close codes: 1000 done · 1001 the server is going down or the connection is old, come back after
a jittered delay · 1002 framing error · 1003 binary frame · 1007 bad UTF-8 · 1008 not allowed, don't retry · 1009 too big ·
1011 internal · 1013 overloaded, come back later · 4401 the key or token has ended, sign in again · 4408 too slow, attach again
at your last seq · 4429 too many commands, come back later.

## Limits
Each is counted once, whichever transport uses it up. Starts and updates a minute, reads (attaches,
and answers and conversations as a whole) a minute, and live answers of one key: \`rate_limited\`.
Streams and WebSockets open at once, in all and from one address: \`overloaded\`, before the upgrade.
Both say when to come back. Texts that are too long, one by one or together: \`too_large\`. Streams
and sockets are ended after an hour, by default, to be resumed.

## Errors
\`{"error":{"code":"…","message":"…"}}\`, see the schemas \`Error\` and \`Code\`; the same code and message
in \`rejected\` and \`failed\`. The message says what happened and what to do, and never holds a stack, a
key or a vendor's raw text. After \`started\`, errors are events, not statuses. Unknown fields are
refused, not dropped.
`.trim()
