/** Styles that a module brings along; Vite makes a file of them and loads it with the module. */
declare module '*.css'
