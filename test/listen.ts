/** Servers of tests: each has a port of its own, on this machine alone. */
import type { AddressInfo, Server } from "node:net";

/** @returns the port, once the server listens */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
