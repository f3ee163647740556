/** A root credential in AWS's form, made at random. */
import { randomBytes, randomInt } from "node:crypto";

export interface RootCredential {
  accessKeyId: string;
  secretAccessKey: string;
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export const newRootCredential = (): RootCredential => ({
  accessKeyId: `AKIA${Array.from({ length: 16 }, () => base32[randomInt(base32.length)]).join("")}`,
  secretAccessKey: randomBytes(30).toString("base64"),
});
