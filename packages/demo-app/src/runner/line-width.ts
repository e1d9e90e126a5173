// Lines that a terminal of 100 columns shows whole.

const widthColumns = 100;
const colourCodes = new RegExp(`(${String.fromCharCode(27)}\\[\\d+m)`);

/** Cuts a line to the width, not counting colour codes; what does not fit ends in an ellipsis. */
export function fitLine(line: string, columns: number = widthColumns): string {
  // At odd places stand the codes, which the group of the pattern keeps.
  const parts = line.split(colourCodes);
  const shown = parts.filter((_, i) => i % 2 === 0).join('').length;
  if (shown <= columns) {
    return line;
  }
  let left = columns - 1;
  return parts
    .map((part, i) => {
      if (i % 2 === 1 || left < 0) {
        return i % 2 === 1 ? part : '';
      }
      const cut = part.length > left ? `${part.slice(0, left)}…` : part;
      left = part.length > left ? -1 : left - part.length;
      return cut;
    })
    .join('');
}
