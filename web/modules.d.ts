/** What Vite makes of an import with a question: the address of a worker's script. */
declare module '*?worker&url' {
  const address: string
  export default address
}

/** Styles that a module brings along; Vite makes a file of them and loads it with the module. */
declare module '*.css'
