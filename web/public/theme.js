// Before anything is painted: a page that was chosen to be dark never flashes in white.
document.documentElement.dataset.theme =
  JSON.parse(localStorage.getItem('chatai.choices') ?? '{}').theme ?? 'system'
