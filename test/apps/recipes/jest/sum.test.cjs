test('adds', () => expect(1 + 2).toBe(3));
test('waits', () => new Promise((resolve) => setTimeout(resolve, 200)));
