export default function Page() {
  return <p>Customers</p>;
}
