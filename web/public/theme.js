// Before anything is painted: a page that was chosen to be dark never flashes in white.
try {
  const choices = JSON.parse(localStorage.getItem('chatai.choices'))
  document.documentElement.dataset.theme = choices?.theme ?? 'system'
} catch {
  // Nothing readable was kept, or the browser keeps nothing: as the system has it.
}
