/** How many clients the server counts as readers now, by its own metrics. */
export async function readers(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const counts = text.matchAll(/^chatai_readers\{[^}]*\} (\d+)$/gm)
  return [...counts].reduce((sum, [, value]) => sum + Number(value), 0)
}
