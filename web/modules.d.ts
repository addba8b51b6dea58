/** What Vite makes of an import with a question: the address of a worker's script. */
declare module '*?worker&url' {
  const address: string
  export default address
}
declare module '*.css'
