// Protobuf read off the wire: fields by their numbers, and OTLP's attributes.

export type Fields = ReadonlyMap<number, readonly (Buffer | bigint)[]>;

export function attributesOf(fields: Fields, field: number): Record<string, unknown> {
  return Object.fromEntries(
    messages(fields, field).map((pair) => {
      const value = message(pair, 2);
      return [text(pair, 1), anyValue(value)];
    }),
  );
}

export function fieldsOf(body: Buffer): Fields {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = body.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
  };
  const bytes = (length: number): Buffer => {
    if (at + length > body.length) {
      throw new RangeError('the message is cut off');
    }
    at += length;
    return body.subarray(at - length, at);
  };
  while (at < body.length) {
    const tag = Number(varint());
    const wireType = tag & 7;
    const value =
      wireType === 0 ? varint() : bytes(wireType === 1 ? 8 : wireType === 5 ? 4 : Number(varint()));
    fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), value]);
  }
  return fields;
}

export function bytesOf(fields: Fields, field: number): Buffer {
  const bytes = fields.get(field)?.[0];
  if (!Buffer.isBuffer(bytes)) {
    throw new TypeError(`field ${field} is missing`);
  }
  return bytes;
}

export function messages(fields: Fields, field: number): readonly Fields[] {
  return (fields.get(field) ?? []).map((bytes) => fieldsOf(bytes as Buffer));
}

export function message(fields: Fields, field: number): Fields {
  return messages(fields, field)[0] ?? new Map();
}

export function text(fields: Fields, field: number): string {
  return ((fields.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0)).toString();
}

function anyValue(value: Fields): unknown {
  const [boolean, integer, double] = [2, 3, 4].map((field) => value.get(field)?.[0]);
  if (value.has(1)) {
    return text(value, 1);
  }
  if (boolean !== undefined) {
    return boolean === 1n;
  }
  return double === undefined ? Number(integer) : (double as Buffer).readDoubleLE();
}
