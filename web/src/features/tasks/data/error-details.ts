import type { ConnectError } from "@connectrpc/connect";
import { BinaryReader } from "@bufbuild/protobuf/wire";

/** What an error of the services says beyond its code. */
export interface ErrorDetails {
  /** A name of ErrorReason, without its prefix. */
  reason?: string;
  /** The fields of the request that are wrong. */
  fields: string[];
}

/** Reads google.rpc.ErrorInfo and google.rpc.BadRequest, of which nothing else is needed. */
export function errorDetails(error: ConnectError): ErrorDetails {
  const details: ErrorDetails = { fields: [] };
  for (const detail of error.details) {
    if (!("type" in detail)) continue;
    if (detail.type === "google.rpc.ErrorInfo") {
      const reason = texts(detail.value, 1)[0];
      if (reason) details.reason = reason;
    } else if (detail.type === "google.rpc.BadRequest") {
      details.fields = parts(detail.value, 1).flatMap((violation) => texts(violation, 1));
    }
  }
  return details;
}

function texts(message: Uint8Array, field: number): string[] {
  return parts(message, field).map((bytes) => new TextDecoder().decode(bytes));
}

/** The values of a length-delimited field. */
function parts(message: Uint8Array, field: number): Uint8Array[] {
  const reader = new BinaryReader(message);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === field) found.push(reader.bytes());
    else reader.skip(type, number);
  }
  return found;
}
