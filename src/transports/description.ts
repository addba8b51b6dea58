/** The text of openapi.yaml: what OpenAPI has no words for, the events' order and the WebSocket. */
export const description = `
A **generation** (one answer of one model) is a numbered, append-only log of events; a client is a
cursor into it. Watching live, resuming after a drop and reading an old answer are the same call
with another number. The JSON text of an event is byte-identical on SSE and on WebSocket.

## Events
Every event is one JSON object on one line, see the schema \`Event\`. \`started\` is always seq 1;
exactly one \`done\` or \`failed\` is always last. The concatenation of the \`text\` events is the
answer; \`updated\` with \`mode: restart\` drops the text so far. Nothing reaches a client before the
store has it: what was seen before a crash is there after it, under the same seq.

## Resuming
An SSE event's \`id\` is \`<generation>:<seq>\`. Send the last one back as \`Last-Event-ID\`, on any of
the streaming routes, and the stream goes on after it; on a POST the body is then ignored and nothing
is started. A client that has seen the terminal event gets 204. A cursor ahead of the log (after a
power cut took its tail) gets 409: drop the text and read from the start.

## WebSocket, \`GET /api/ai/chat/websocket\`
Text frames, one JSON object each; many generations share one socket. Commands carry an \`id\` of the
client's choosing:

\`\`\`
{"id":"1","type":"start","message":"Hello!"}
{"id":"2","type":"attach","generation":"gen_…","after":12}
{"id":"3","type":"detach","generation":"gen_…"}
{"id":"4","type":"stop","generation":"gen_…"}
{"id":"5","type":"update","generation":"gen_…","params":{"temperature":0.2}}
\`\`\`

\`start\` takes the fields of the schema \`Start\`, \`update\` those of \`Update\`. Replies:
\`{"id":"1","type":"accepted","generation":"gen_…"}\` or
\`{"id":"1","type":"rejected","code":"…","message":"…"}\`; \`accepted\` comes before the events that the
command caused. A bad command is rejected and the socket stays open. Each command does what its HTTP
twin does. Closing the socket is a detach. The sub-protocol \`chatai.v1\` is offered and not required;
a browser passes a key as \`bearer.<key>\` beside it.

With \`?format=text\` the server sends the bare text of the answer in text frames; a frame that is not
a JSON object is a message, an object without \`type\` is a start, and closing the socket stops the
answer.

Close codes: 1000 done · 1001 the server is going down, come back after a jittered delay · 1003
binary frame · 1007 bad UTF-8 · 1008 not allowed, don't retry · 1009 too big · 1011 internal · 1013
overloaded, come back later · 4401 the key has ended · 4408 too slow, attach again at your last seq ·
4429 too many commands, come back later.

## Errors
\`{"error":{"code":"…","message":"…"}}\`; the same code and message in \`rejected\` and \`failed\`. The
message says what happened and what to do. After \`started\`, errors are events, not statuses.
`.trim()
