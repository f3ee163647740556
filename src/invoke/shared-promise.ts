/**
 * A promise that other requests may wait for. workerd marks each promise with the request that made it, and so knows in
 * which to go on; V8's optimized code forgets the mark of every promise but those of `Promise.withResolvers`, and whoever
 * waits for such a one goes on inside the request that settles it (seen with workerd 1.20261117.1: "Cannot perform I/O on
 * behalf of a different request", after some thousand calls).
 */
export function sharedPromise<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  work.then(resolve, reject);
  return promise;
}
