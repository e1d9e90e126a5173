globalThis.applyRules = applyTariff;

function applyTariff(end) {
  let total = 0;
  while (performance.now() < end) {
    for (let item = 0; item < 1_000; item += 1) {
      total += Math.sqrt(item) * 1.07;
    }
  }
  return total;
}
