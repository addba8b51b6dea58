import { defineConfig } from 'vite'
import page from './vite.config.ts'

/**
 * What others need to use the library: it by itself, as one module under a lasting name, its types
 * and its documentation. A build of its own, because builds share code and this module shares none.
 */
export default defineConfig({
  ...page,
  publicDir: 'link/public',
  build: {
    ...page.build,
    // The page is there already.
    emptyOutDir: false,
    rolldownOptions: {
      input: { link: 'link/link.ts', client: 'client.html' },
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: ({ name }) => (name === 'link' ? 'client.js' : 'assets/[name]-[hash].js'),
        postBanner: ({ name }) =>
          name === 'link' ? '/*! ChatAI client, MIT: see client.html */' : '',
      },
    },
  },
})
