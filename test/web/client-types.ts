/** client.d.ts says what the sources say: checked with everything else by `tsc`. */
import type * as Sources from '../../web/link/link.ts'
import type * as Declared from '../../web/link/public/client.d.ts'

/** Identical, not only assignable: a field that is optional, readonly or missing on one side counts. */
type Same<A, B> =
  (<T>(value: T) => T extends A ? 1 : 2) extends <T>(value: T) => T extends B ? 1 : 2 ? true : false

export const same: {
  openLink: Same<typeof Sources.openLink, typeof Declared.openLink>
  LinkError: Same<typeof Sources.LinkError, typeof Declared.LinkError>
  Error: Same<Sources.LinkError, Declared.LinkError>
  Link: Same<Sources.Link, Declared.Link>
  LinkOptions: Same<Sources.LinkOptions, Declared.LinkOptions>
  Transport: Same<Sources.Transport, Declared.Transport>
  Connection: Same<Sources.Connection, Declared.Connection>
  StartBody: Same<Sources.StartBody, Declared.StartBody>
  UpdateBody: Same<Sources.UpdateBody, Declared.UpdateBody>
  Event: Same<Sources.Event, Declared.Event>
  Reset: Same<Sources.Reset, Declared.Reset>
  Item: Same<Sources.Item, Declared.Item>
  Wait: Same<Sources.Wait, Declared.Wait>
} = {
  openLink: true,
  LinkError: true,
  Error: true,
  Link: true,
  LinkOptions: true,
  Transport: true,
  Connection: true,
  StartBody: true,
  UpdateBody: true,
  Event: true,
  Reset: true,
  Item: true,
  Wait: true,
}
