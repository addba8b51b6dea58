import { fileURLToPath } from 'node:url'
import { type Plugin, defineConfig } from 'vite'

/** KaTeX names each of its fonts in three formats; every browser that runs the page reads the first. */
const onlyWoff2: Plugin = {
  name: 'only-woff2',
  enforce: 'pre',
  transform: {
    filter: { id: /katex[^/]*\.css$/ },
    handler: code => code.replace(/,\s*url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)/g, ''),
  },
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative, so that the page may live below any path of a proxy.
  base: './',
  plugins: [onlyWoff2],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // No data: addresses and no inline scripts: the page's policy is `default-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
})
