/** A client's end of a WebSocket as octets on a socket. */
import { once } from "node:events";
import { connect, type Socket, type TcpNetConnectOpts } from "node:net";

/**
 * A client that answers nothing, not even a close frame.
 * @param url of the stage, `ws:`; @param options of its socket
 * @returns when something of the answer has come, which can still be read
 */
export async function openRawWebSocket(
  url: string,
  options: Partial<TcpNetConnectOpts> = {},
): Promise<Socket> {
  const { hostname, host, port, pathname } = new URL(url);
  const socket = connect({ ...options, port: Number(port), host: hostname });
  socket.on("error", () => {});
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  await once(socket, "readable");
  return socket;
}

/** A text frame of a client's; its mask is zero. @param text of up to 125 characters, all ASCII */
export const maskedText = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
