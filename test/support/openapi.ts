/** Prints the contract: `npm run openapi` writes openapi.yaml with it. */
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'

const { server } = await buildApp(readConfig({ STORE: 'memory', LOG_LEVEL: 'error' }))
await server.ready()
process.stdout.write(server.contract())
await server.close()
