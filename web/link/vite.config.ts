import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** The client library once more, by itself: one module for everybody, under a lasting name. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: '../../dist/web',
    // The page's own build is there already.
    emptyOutDir: false,
    target: 'es2023',
    rolldownOptions: {
      input: 'link.ts',
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: 'client.js',
        postBanner: '/*! ChatAI client, MIT: see client.html */',
      },
    },
  },
})
