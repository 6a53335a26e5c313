import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

/** A mail server that takes everything and delivers nothing: `received` is all that it was told, letters decoded. */
export async function startMailServer() {
  let told = "";
  const server = createServer((socket) => {
    let inLetter = false;
    let line = "";
    const answer = (given: string): string | null => {
      if (inLetter) {
        inLetter = given !== ".";
        return inLetter ? null : "250 taken";
      }
      inLetter = /^DATA/i.test(given);
      if (inLetter) return "354 go on";
      return /^QUIT/i.test(given) ? "221 bye" : "250 fine";
    };
    socket.setEncoding("utf8").write("220 here\r\n");
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      told += chunk;
      const lines = (line + chunk).split("\r\n");
      line = lines.pop() ?? "";
      for (const given of lines) {
        const said = answer(given);
        if (said !== null) socket.write(`${said}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () =>
      told
        .replaceAll("=\r\n", "")
        .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    close: () => server.close(),
  };
}
