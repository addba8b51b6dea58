/** The other tabs of this browser hear that a conversation has changed, and this one hears of theirs. */
export function listenToTabs(
  changed: (conversation: string) => void,
): (conversation: string) => void {
  const channel = new BroadcastChannel('chatai.changed')
  channel.addEventListener('message', ({ data }) => changed(String(data)))
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it has its own only
  return conversation => channel.postMessage(conversation)
}
