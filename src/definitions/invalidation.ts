/**
 * Read-your-writes within an isolate: whoever keeps something that was read from KV hears when this isolate's
 * control plane has published under its key. Other isolates follow within the time that they keep a copy.
 */

type Listener = (key: string) => void;

const listeners: Listener[] = [];

/** @param listener is called with each KV key that has changed; to be registered once, when a module loads */
export function onPublished(listener: Listener): void {
  listeners.push(listener);
}

/** Tells every listener. To be called after KV has the change and before the caller is answered. */
export function published(keys: readonly string[]): void {
  for (const key of keys) for (const listener of listeners) listener(key);
}
