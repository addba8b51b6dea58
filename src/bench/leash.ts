/** Loaded into every program of a run: it ends with the process that began it, however that ended. */
process.on('disconnect', () => process.exit(0))
