const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const checksumAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The three characters that make a 15-character id safe where case is lost: one bit for each upper-case letter. */
function checksum(id15: string): string {
  let suffix = '';
  for (let chunk = 0; chunk < 3; chunk++) {
    let bits = 0;
    for (let position = 0; position < 5; position++) {
      const character = id15.charAt(chunk * 5 + position);
      if (character >= 'A' && character <= 'Z') bits |= 1 << position;
    }
    suffix += checksumAlphabet.charAt(bits);
  }
  return suffix;
}

/** Gives an 18-character id its letter case back from the checksum, as an org does. */
function restoreCase(id18: string): string | null {
  let restored = '';
  for (let index = 0; index < 15; index++) {
    const bits = checksumAlphabet.indexOf(id18.charAt(15 + Math.floor(index / 5)).toUpperCase());
    if (bits < 0) return null;
    const character = id18.charAt(index);
    const upper = (bits & (1 << (index % 5))) !== 0;
    restored += upper ? character.toUpperCase() : character.toLowerCase();
    if (upper && !/[A-Z]/.test(character.toUpperCase())) return null;
  }
  return restored + checksum(restored);
}

/** @returns the 18-character form of a 15- or 18-character id, or null when the text is no record id. */
export function toId18(value: string): string | null {
  if (!/^[0-9A-Za-z]+$/.test(value)) return null;
  if (value.length === 15) return value + checksum(value);
  if (value.length !== 18) return null;
  return checksum(value.slice(0, 15)) === value.slice(15) ? value : restoreCase(value);
}

/** @param instance three characters that tell this org's ids from another's. */
export function makeId(keyPrefix: string, instance: string, sequence: number): string {
  let digits = '';
  for (let rest = sequence; digits.length < 9; rest = Math.floor(rest / 62))
    digits = alphabet.charAt(rest % 62) + digits;
  const id15 = keyPrefix + instance + digits;
  return id15 + checksum(id15);
}
