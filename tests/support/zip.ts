import { inflateRawSync } from "node:zlib";

/** The files of a zip archive by their paths, as text; read by its central directory (APPNOTE 4.3). */
export function unzipped(archive: Buffer): Record<string, string> {
  const end = archive.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const files: Record<string, string> = {};
  let entry = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [packed, nameLength, extra, comment] = [
      archive.readUInt32LE(entry + 20),
      archive.readUInt16LE(entry + 28),
      archive.readUInt16LE(entry + 30),
      archive.readUInt16LE(entry + 32),
    ];
    const name = archive.toString("utf8", entry + 46, entry + 46 + nameLength);
    const local = archive.readUInt32LE(entry + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    files[name] = inflateRawSync(archive.subarray(start, start + packed)).toString("utf8");
    entry += 46 + nameLength + extra + comment;
  }
  return files;
}
