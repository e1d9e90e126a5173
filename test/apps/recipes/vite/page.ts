interface Customer {
  readonly name: string;
}

const patience: number = 300;

export function render(): string {
  const customers: Customer[] = [];
  const end = performance.now() + patience;
  while (performance.now() < end) {
    customers.push({ name: 'x' });
    customers.pop();
  }
  return '<p>Customers</p>\n';
}
