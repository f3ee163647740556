/** What the kernel says of a process (Linux). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface Usage {
  /** Open file descriptors of any kind. */
  descriptors: number;
  /** TCP connections whose other end has the backend's port. */
  toBackend: number;
  /** TCP connections that came in on the gateway's port. */
  fromClients: number;
  /** Resident memory, bytes. */
  memory: number;
}

/** @param ports of the gateway and of its backend */
export function usageOf(pid: number, ports: { gateway: number; backend: number }): Usage {
  const links = readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => linkOf(pid, descriptor));
  const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const connections = connectionsOf(pid).filter(({ inode }) => inodes.has(inode));
  return {
    descriptors: links.length,
    toBackend: connections.filter(({ remotePort }) => remotePort === ports.backend).length,
    fromClients: connections.filter(
      ({ localPort, isListening }) => localPort === ports.gateway && !isListening,
    ).length,
    memory: memoryOf(pid),
  };
}

/** Resident memory, bytes. */
export const memoryOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;

/** None of a descriptor that has been closed since it was listed. */
function linkOf(pid: number, descriptor: string): string[] {
  try {
    return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)];
  } catch {
    return [];
  }
}

/** State of a listening socket in /proc/net/tcp. */
const listening = "0A";

/** All of its network namespace. */
const connectionsOf = (pid: number) =>
  ["tcp", "tcp6"].flatMap((protocol) =>
    readFileSync(`/proc/${pid}/net/${protocol}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => {
        const [, local = "", remote = "", state, , , , , , inode = ""] = line.trim().split(/\s+/);
        return {
          localPort: portOf(local),
          remotePort: portOf(remote),
          isListening: state === listening,
          inode,
        };
      }),
  );

const portOf = (address: string): number => Number.parseInt(address.slice(address.lastIndexOf(":") + 1), 16);
