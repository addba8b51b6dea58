import type { Catalogue, Model } from './chunk.ts'
import { ChatError } from './errors.ts'

/** The model of that id, or the preferred one. Throws `not_found`, or says what it still needs. */
export function choose(catalogue: Catalogue, id: string | undefined): Model {
  const model = id === undefined ? catalogue.preferred : catalogue.find(id)
  if (model === undefined) {
    throw new ChatError('not_found', 'There is no such model. GET /api/ai/models lists them.')
  }
  if (!model.ready) {
    const message = `The model ${model.id} is not ready: set ${model.missing ?? 'its key'} and restart.`
    throw new ChatError('invalid_request', message)
  }
  return model
}
